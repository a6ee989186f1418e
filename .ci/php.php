<?php
// What PHP gives for the files of a table, in several environments: `php php.php TABLE FOLDER` prints it as JSON. Scalars are texts, as
// PHP makes them, and keys have a `k` before them.

const ENVIRONMENTS = [
    [],
    ['CI' => '1', 'PREVIEW' => '1', 'REGION' => 'eu', 'MODE' => 'production'],
    ['CI' => '', 'REGION' => 'us', 'MODE' => 'staging'],
];

function told(mixed $value): mixed
{
    if (is_array($value)) {
        $told = new stdClass();
        foreach ($value as $key => $item) {
            $told->{"k$key"} = told($item);
        }
        return $told;
    }
    return is_object($value) ? new stdClass() : ($value === null ? null : (string) $value);
}

function given(string $file): mixed
{
    return require $file;
}

function cases(string $table): array
{
    $cases = [];
    foreach (preg_split('/^## /m', file_get_contents($table), -1, PREG_SPLIT_NO_EMPTY) as $case) {
        [$name, $code] = explode("\n", $case, 2);
        $cases[$name] = $code;
    }
    return $cases;
}

/** Runs the cases from one on, prints what they gave, and ends with the one that ended the run. */
function run(array $cases, string $folder): void
{
    $results = [];
    register_shutdown_function(function () use (&$results, &$current) {
        ini_set('memory_limit', '1G');
        if ($current !== null) {
            $results[$current] = ['error' => 'Fatal'];
        }
        while (ob_get_level() > 0) {
            ob_end_clean();
        }
        echo encoded($results);
    });
    foreach ($cases as $current => $code) {
        file_put_contents("$folder/case.php", "<?php\n$code");
        set_time_limit(2);
        ob_start();
        try {
            $result = ['value' => told(given("$folder/case.php"))];
            // Copies of copies in loops are none of what is asked.
            $results[$current] = strlen(json_encode($result) ?: '') > 9999 ? ['error' => 'Large'] : $result;
        } catch (Throwable $error) {
            $results[$current] = ['error' => get_class($error)];
        }
        ob_end_clean();
    }
    $current = null;
}

function encoded(array $results): string
{
    $flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE;
    $lines = [];
    foreach ($results as $name => $result) {
        $lines[] = json_encode((string) $name, $flags) . ': ' . json_encode($result, $flags);
    }
    return "{\n" . implode(",\n", $lines) . "\n}\n";
}

error_reporting(0);
ini_set('memory_limit', '1G');
ini_set('display_errors', '0');
[, $table, $folder] = $argv;
if (isset($argv[3])) {
    foreach (ENVIRONMENTS[(int) $argv[3]] as $name => $value) {
        putenv("$name=$value");
    }
    run(array_slice(cases($table), (int) $argv[4]), $folder);
    exit;
}
@mkdir($folder, 0777, true);
file_put_contents("$folder/local.php", "<?php return ['a' => 'local', 'l' => 'x', 'n' => ['a' => 'deep']];\n");
file_put_contents("$folder/writes.php", "<?php \$c['a'] = 'local';\n");
$all = [];
$count = count(cases($table));
foreach (array_keys(ENVIRONMENTS) as $index) {
    for ($done = 0; $done < $count; $done += count($results)) {
        // Each in a process of its own: constants and functions stay.
        $run = [PHP_BINARY, '-n', __FILE__, $table, $folder, (string) $index, (string) $done];
        $output = shell_exec('env -u CI -u PREVIEW -u REGION -u MODE ' . implode(' ', array_map('escapeshellarg', $run)));
        $results = (array) json_decode((string) $output, false, 512, JSON_THROW_ON_ERROR);
        foreach ($results as $name => $result) {
            $all[$name][] = $result;
        }
    }
}
echo encoded($all);
