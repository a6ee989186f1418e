"""Reads a script as PowerShell's grammar does: where one cannot run, it is at least no nonsense."""

import sys

import tree_sitter
import tree_sitter_powershell


def faults(node):
    if node.is_error or node.is_missing:
        yield f"{node.start_point.row + 1}:{node.start_point.column + 1}: {node}"
    for child in node.children:
        yield from faults(child)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        # The grammar does not know a block as the one argument of a method, without parentheses.
        script = file.read().replace(".Where{", ".Where({", 1).replace("} |", "}) |", 1)
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
    found = list(faults(parser.parse(script.encode()).root_node))
    assert not found, found
    assert list(faults(parser.parse(script.replace("{", "", 1).encode()).root_node)), "everything is taken for PowerShell"


main()
