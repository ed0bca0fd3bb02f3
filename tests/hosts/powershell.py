"""Parses PowerShell scripts by a grammar of the language (tree-sitter-powershell): says where one is wrong, and exits
with 1. It is no PowerShell: what parses here may still fail there, what does not parse here is broken."""

import sys

import tree_sitter_powershell
from tree_sitter import Language, Parser

parser = Parser(Language(tree_sitter_powershell.language()))
wrong = False
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        text = file.read()
    nodes = [parser.parse(text).root_node]
    while nodes:
        node = nodes.pop()
        if node.is_error or node.is_missing:
            wrong = True
            line, column = node.start_point
            print(f"{path}:{line + 1}:{column + 1}: {text[node.start_byte:node.end_byte][:60]!r}")
        nodes.extend(node.children)
sys.exit(wrong)
