"""Draws PHP files that return arrays, for a table of constructs: `php.py COUNT SEED` prints one."""

import random
import sys

COUNT, SEED = int(sys.argv[1]), int(sys.argv[2])
draw = random.Random(SEED)
KEYS = ["a", "b", "c", "services_id", "environment_id", "0", "1", "01"]
CONDITIONS = [
    "getenv('CI')", "getenv('PREVIEW') === '1'", "getenv('REGION') == 'eu'", "!getenv('MODE')", "true", "false", "isset($c['a'])", "$x === 'u1'", "count($c) > 2",
    "empty($d['b'])", "($x = getenv('REGION')) && $y", "is_array($c['a'] ?? null)", "$c['b'] = 'u9'", "in_array('u1', $d)",
]
UNKNOWN = ["getenv('REGION')", "strtolower('U1')", "$_SERVER['ARGC'] ?? 'none'", "(string) getenv('CI')", "trim(' u2 ')", "1 + 2", "'u' . strlen('abc')"]


def one(*choices):
    return draw.choice(choices)()


def key(depth=0):
    if draw.random() < 0.75:
        return f"'{draw.choice(KEYS)}'"
    return draw.choice(["0", "1", "2", "true", "null", "'a' . 'b'", "$k", "getenv('REGION')", "-1", "1.5", '"b"'])


def text():
    return draw.choice(["'u1'", "'u2'", "'u3'", '"u4"', "'u' . 5", "017", "1.50", "true", "false", "null", "0x1F", "'x\\ny'", '"x\\ny"', "'u1' . \"-$x\"", "7", "''", "U_{N}", "PHP_EOL"])


def place(name=None):
    name = name or draw.choice(["$c", "$c", "$c", "$d"])
    return name + "".join(f"[{key()}]" for _ in range(draw.choice([1, 1, 1, 1, 2])))


def array(depth):
    items = []
    for _ in range(draw.randint(0, 3)):
        kind = draw.random()
        if kind < 0.7:
            items.append(f"{key()} => {value(depth + 1)}")
        elif kind < 0.85:
            items.append(value(depth + 1))
        elif kind < 0.95:
            items.append(f"...{table(depth + 1)}")
        else:
            items.append(f"'{draw.choice(KEYS)}' => &$x")
    body = ", ".join(items)
    return f"[{body}]" if draw.random() < 0.8 else f"array({body})"


def table(depth):
    """What is an array for certain, or nearly."""
    if depth > 2:
        return "['a' => 'u6']"
    return one(
        lambda: array(depth), lambda: array(depth), lambda: array(depth), lambda: draw.choice(["$d", "$c", "(require __DIR__ . '/local.php')"]),
        lambda: f"array_merge({table(depth + 1)}, {table(depth + 1)})", lambda: f"array_replace({table(depth + 1)}, {table(depth + 1)})",
        lambda: f"array_replace_recursive({table(depth + 1)}, {table(depth + 1)})", lambda: f"array_merge_recursive({table(depth + 1)}, {table(depth + 1)})",
        lambda: f"({table(depth + 1)} + {table(depth + 1)})", lambda: f"({condition()} ? {table(depth + 1)} : {table(depth + 1)})",
        lambda: f"array_filter({table(depth + 1)})", lambda: f"(function () {{ {one(lambda: 'return', lambda: 'if (getenv(1)) return []; return')} {array(depth + 1)}; }})()",
    )


def condition():
    return draw.choice(CONDITIONS)


def value(depth=0):
    kind = draw.random()
    if kind < 0.5 or depth > 2:
        return text()
    if kind < 0.55:
        return draw.choice(["$x", "$y", "$x . $y", "$d['a'] ?? 'u7'", "$c['a']['b'] ?? null", "$c['a'] ?? $x", f"{place()} ?? 'u8'", "$undefined ?? 'u8'", "$x . 1"])
    if kind < 0.63:
        return draw.choice(UNKNOWN)
    if kind < 0.73:
        return f"({condition()} ? {value(depth + 1)} : {value(depth + 1)})"
    if kind < 0.77:
        return f"(getenv('{draw.choice(['CI', 'REGION'])}') ?: {value(depth + 1)})"
    if kind < 0.81:
        return f"match (getenv('REGION')) {{ 'eu' => {value(depth + 1)}, 'us', 'x' => {value(depth + 1)}, default => {value(depth + 1)} }}"
    if kind < 0.84:
        return f"({draw.choice(['$x', '$y', '$k'])} = {text()})"
    return table(depth)


def block(depth):
    return " ".join(statement(depth + 1) for _ in range(draw.randint(0, 3)))


def statement(depth=0):
    kind = draw.random()
    if depth > 3 or kind < 0.30:
        return f"{place()} = {value(1)};"
    if kind < 0.36:
        return f"unset({place()}{draw.choice(['', ', ' + place(), ', $y'])});"
    if kind < 0.42:
        return f"{draw.choice(['$x', '$y', '$k'])} = {value(2) if draw.random() < 0.2 else text()};"
    if kind < 0.46:
        return f"{place()} {draw.choice(['.=', '??=', '=', '+='])} {draw.choice([text(), array(2)])};"
    if kind < 0.49:
        return f"{draw.choice(['$c', '$d'])} = {table(1)};"
    if kind < 0.52:
        return f"{draw.choice(['$c', '$d'])} += {table(1)};"
    if kind < 0.54:
        return f"{place()[:-1].rsplit('[', 1)[0]}[] = {value(1)};"
    if kind < 0.66:
        rest = draw.choice(["", "", f" else {{ {block(depth)} }}", f" elseif ({condition()}) {{ {block(depth)} }} else {{ {block(depth)} }}", f" elseif ({condition()}) {statement(depth + 1)}"])
        return f"if ({condition()}) {{ {block(depth)} }}{rest}"
    if kind < 0.68:
        return f"if ({condition()}): {block(depth)} else: {block(depth)} endif;"
    if kind < 0.73:
        head = draw.choice(["foreach ($d as $k => $v)", "foreach (['a', 'b'] as $k)", "foreach ($c as &$v)", "foreach ($d as $x)", "for ($i{N}_{D} = 0; $i{N}_{D} < 2; $i{N}_{D}++)", "foreach (['a' => 'u1'] as $c['k'] => $y)"])
        head = head.replace("{D}", str(draw.randrange(10**6)))
        if "&$v" in head:
            # What grows while it is walked through by reference never ends.
            return f"{head} {{ $v = {draw.choice(['$x', text()])}; }} unset($v);"
        inner = draw.choice(["", "", f" if ({condition()}) break;", f" if ({condition()}) {{ continue; }}", " $c[$k ?? 0] = $v ?? 'u5';", " unset($c[$k ?? 0]);"])
        return f"{head} {{ {block(depth)}{inner} {block(depth)} }} unset($v);"
    if kind < 0.76:
        cases = " ".join(f"case '{case}': {block(depth)}{draw.choice([' break;', ' break;', ''])}" for case in ["eu", "us"])
        return f"switch (getenv('REGION')) {{ {cases} {draw.choice(['', 'default: ' + block(depth)])} }}"
    if kind < 0.79:
        return f"try {{ {block(depth)} {draw.choice(['', chr(105) + 'f (getenv(' + chr(39) + 'CI' + chr(39) + ')) throw new Exception();'])} {block(depth)} }} catch (Throwable $e) {{ {block(depth)} }}{draw.choice(['', ' finally { ' + block(depth) + ' }'])}"
    if kind < 0.82:
        return f"if ({condition()}) {{ return {draw.choice([table(1), '$c', '$d'])}; }}"
    if kind < 0.84:
        return f"$r = &{draw.choice([place(), '$x', '$c'])}; $r = {value(2)};"
    if kind < 0.87:
        return draw.choice(["[$x, $y] = [$y, $x];", "list($x, $k) = ['u1', 'a'];", "['a' => $x] = ['a' => 'u3'];", "array_pop($c);", "ksort($c);", "$c = array_values($c);", "array_walk($d, function (&$v) { $v = 'w'; });", "$n = 'x'; $$n = 'u4';", "extract(['x' => 'u5']);", "require __DIR__ . '/writes.php';", "static $y = 'u2';", "$x++;", "preg_match('/(.)/', 'q', $d);", "array_push($c, 'u1');"])
    if kind < 0.90:
        return draw.choice(["$f = function () use (&$c) { $c['a'] = 'u2'; }; $f();", "$f = function () use ($c) { $c['a'] = 'u2'; return $c; }; $d = $f();", "$f = fn($v) => $c; $d = $f(1);", "if (!function_exists('give_{N}')) { function give_{N}(&$v) { $v['a'] = 'u3'; } } give_{N}($c);", "$c = array_map(fn($v) => $v, $c);"])
    if kind < 0.93:
        return f"{condition()} {draw.choice(['&&', '||', 'and', 'or'])} {place()} = {text()};"
    if kind < 0.95:
        return f"{condition()} ? {place()} = {text()} : {draw.choice(['null', '$x = ' + text()])};"
    if kind < 0.97:
        return f"$c['a'] = $c['b'] = {value(1)};"
    return f"while (getenv('CI') && ($w = ($w ?? 0) + 1) < 3) {{ {block(depth)} }}"


for number in range(COUNT):
    lines = ["const U_{N} = 'u0';", f"$x = {text()}; $y = 'u2'; $k = 'a'; $c = {array(0)}; $d = {table(1)};"]
    lines += [statement() for _ in range(draw.randint(1, 4))]
    lines.append(draw.choice(["return $c;", "return $c;", "return ['a' => $c, 'b' => $d, 'x' => $x, 'y' => $y];", f"return {array(0)};"]))
    print(f"## drawn {number}")
    print("\n".join(lines).replace("{N}", str(number)))
