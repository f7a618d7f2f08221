"""What readers, errors and checks say in English has its Chinese; the English templates are read out of the code."""

from __future__ import annotations

import ast
import functools
import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import tmx
from tmx.messages import Told, load

CHINESE = load("zh")
YIELDED = ("_untaken", "_rows_missing", "_several", "notices")  # functions that yield what is said
SECTIONS: tuple[Told, ...] = ("told", "place")
# Which argument of a call is said to people, by its number or its name.
SAID: dict[Told, dict[str, tuple[int, str]]] = {
    "told": {
        "Notice": (3, "message"),
        "ToolError": (0, "message"),
        "tell": (0, "english"),
        "Finding": (2, "message"),
        "Doubt": (0, "message"),
        "_on_side": (2, "message"),  # makes a doubt, as the next two do
        "_doubt": (2, "message"),
        "_in_english": (1, "message"),
        "Misfit": (1, "reason"),
        "_NoFitError": (0, "reason"),
        "_conflict": (3, "reason"),
        "problems.add": (1, "text"),
        "notices.append": (0, ""),
        "untaken.append": (0, ""),
        "said.append": (0, ""),
        "changed.append": (0, ""),
        "said.insert": (1, ""),
    },
    "place": {"Notice": (2, "place"), "Block": (1, "place"), "Piece": (2, "place"), "Segment": (3, "place")},
}


@dataclass(frozen=True)
class Template:
    """A text with ``{}`` for its values, and the expressions which these are, with the code around them."""

    text: str
    values: tuple[tuple[ast.expr, tuple[ast.AST, ...]], ...] = ()

    def __add__(self, other: Template) -> Template:
        return Template(self.text + other.text, self.values + other.values)


@functools.cache
def modules() -> tuple[ast.Module, ...]:
    root = Path(tmx.__file__).parent.parent
    paths = [path for package in ("tmx", "glossary", "duiyi") for path in sorted((root / package).rglob("*.py"))]
    return tuple(ast.parse(path.read_text(encoding="utf-8"), str(path)) for path in paths)


@functools.cache
def nodes() -> tuple[ast.AST, ...]:
    return tuple(node for module in modules() for node in ast.walk(module))


@functools.cache
def errors() -> frozenset[str]:
    """The names of the classes which derive from ToolError; a ReviewError has keys of its own."""
    classes = [node for node in nodes() if isinstance(node, ast.ClassDef)]
    found = {"ToolError"}
    for _ in range(3):
        found |= {c.name for c in classes if any(ast.unparse(base).split(".")[-1] in found for base in c.bases)}
        found.discard("ReviewError")
    return frozenset(found - {"JournalChangedError"})


def name_of(call: ast.Call, known: Collection[str] = ()) -> str:
    """The name of what is called, with that of its owner where it is known by both (``problems.add``)."""
    names = ast.unparse(call.func).split(".")
    both = ".".join(names[-2:])
    return both if both in known else names[-1]


def templates(expression: ast.expr, around: tuple[ast.AST, ...], depth: int = 0) -> Iterator[Template]:
    """Give the texts which an expression can be, as far as the code shows them; ``around`` goes from inside out."""
    follow = functools.partial(templates, around=around, depth=depth + 1)
    match expression:
        case ast.Constant(value=str(text)):
            yield Template(text)
        case ast.JoinedStr(values=parts):
            texts = (p.value if isinstance(p, ast.Constant) else "{}" for p in parts)
            holes = tuple((p.value, around) for p in parts if isinstance(p, ast.FormattedValue))
            yield Template("".join(map(str, texts)), holes)
        case ast.IfExp(body=one, orelse=other):
            yield from follow(one)
            yield from follow(other)
        case ast.BoolOp(values=several):
            yield from itertools.chain.from_iterable(map(follow, several))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            for one, other in itertools.product(follow(left), follow(right)):
                both = one + other  # two numbers are one value
                yield Template("{}", ((expression, around),)) if both.text == "{}{}" else both
        case ast.Name(id=name) if depth < 6 and (found := assigned(name, around)):
            yield from itertools.chain.from_iterable(map(follow, found))
        case ast.Call(func=ast.Name()) if depth < 6 and (returned := returns(name_of(expression), around[-1])):
            for value, function in returned:
                yield from templates(value, (function, around[-1]), depth + 1)
        case ast.Subscript(value=table) | ast.Call(func=ast.Attribute(value=table, attr="get")) if depth < 6 and (
            found := members(table, around)
        ):
            yield from itertools.chain.from_iterable(map(follow, found))
        case _:
            yield Template("{}", ((expression, around),))


def members(table: ast.expr, around: tuple[ast.AST, ...], depth: int = 0) -> list[ast.expr]:
    """What stands in a table (a dictionary or tuple) that is written out in the code."""
    match table:
        case ast.Dict(values=found) | ast.Tuple(elts=found):
            return found
        case ast.Call(args=[inner]) if depth < 4:
            return members(inner, around, depth + 1)
        case ast.Name(id=name) if depth < 4:
            return [found for value in assigned(name, around) for found in members(value, around, depth + 1)]
        case _:
            return []


def assigned(name: str, around: tuple[ast.AST, ...]) -> list[ast.expr]:
    """What a name is set to in the innermost function (or the module) that sets it."""
    return next((found for scope in around if (found := assignments(scope).get(name))), [])


@functools.cache
def assignments(scope: ast.AST) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in scope.body if isinstance(scope, ast.Module) else ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, []).append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found.setdefault(name, []).append(value)
            case ast.NamedExpr(target=ast.Name(id=name), value=value):
                found.setdefault(name, []).append(value)
            case ast.For(target=target, iter=table) | ast.comprehension(target=target, iter=table):
                for element in elements(table, scope, found):
                    for name, value in unpacked(target, element):
                        found.setdefault(name, []).append(value)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                found[name] = [*found.get(name, []), *(ast.BinOp(v, ast.Add(), value) for v in found.get(name, []))]
            case _:
                pass
    return found


def elements(table: ast.expr, scope: ast.AST, known: dict[str, list[ast.expr]]) -> list[ast.expr]:
    """What a loop over a table that is written out goes through."""
    match table:
        case ast.Call(func=ast.Attribute(value=inner, attr="items")):
            return [item for value in elements(inner, scope, known) for item in pairs_of(value)]
        case ast.Name(id=name) if name in known:
            return [e for value in known[name] for e in elements(value, scope, known)]
        case ast.Name(id=name) if not isinstance(scope, ast.Module):
            return [e for value in globally(name) for e in elements(value, scope, known)]
        case ast.Tuple(elts=found):
            return found
        case ast.Dict():
            return [table]
        case _:
            return []


def pairs_of(table: ast.expr) -> list[ast.expr]:
    if not isinstance(table, ast.Dict):
        return []
    return [ast.Tuple([k, v]) for k, v in zip(table.keys, table.values, strict=True) if k is not None]


def unpacked(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Give the names in the target of a loop with what each is for one element."""
    match target, value:
        case ast.Name(id=name), _:
            yield name, value
        case ast.Tuple(elts=names), ast.Tuple(elts=values):
            for one, part in zip(names, values, strict=False):
                yield from unpacked(one, part)


@functools.cache
def globally(name: str) -> tuple[ast.expr, ...]:
    """What a name is set to at the top of any module."""
    tops = [node for module in modules() for node in module.body]
    named = [node for node in tops if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None]
    targets = [(node.targets[0] if isinstance(node, ast.Assign) else node.target, node.value) for node in named]
    return tuple(value for target, value in targets if isinstance(target, ast.Name) and target.id == name and value)


@functools.cache
def returns(name: str, module: ast.AST) -> list[tuple[ast.expr, ast.AST]]:
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef) and node.name == name]
    return [(n.value, f) for f in functions for n in ast.walk(f) if isinstance(n, ast.Return) and n.value is not None]


@functools.cache
def said(section: Told) -> dict[str, Template]:
    """Every template which the code says, by its text, values included that are said in turn."""
    sinks = SAID[section]
    if section == "told":
        sinks = sinks | dict.fromkeys(errors(), sinks["ToolError"])
    pending: list[Template] = []
    for module in modules():
        for call, around in calls(module, (module,)):
            if name_of(call, sinks) in sinks:
                number, name = sinks[name_of(call, sinks)]
                given = [k.value for k in call.keywords if k.arg == name] + call.args[number : number + 1]
                pending += (t for value in given for t in templates(value, around))
        for function in ast.walk(module) if section == "told" else ():
            if isinstance(function, ast.FunctionDef) and function.name in YIELDED:
                yields = (node.value for node in ast.walk(function) if isinstance(node, ast.Yield) and node.value)
                pending += (t for value in yields for t in templates(value, (function, module)))
    found: dict[str, Template] = {}
    while pending:
        template = pending.pop()
        if template.text in found:
            continue
        found[template.text] = template
        answer = str(CHINESE.texts.get(f"{section}.{template.text}", ""))
        for number in re.findall(r"\{(\d+):told\}", answer):
            expression, around = template.values[int(number)]
            pending += templates(expression, around)
    return found


def written_out(template: Template, depth: int = 0) -> Iterator[str]:
    """Give the texts of a template with the values that the code shows put in."""
    if template.text == "{}" or depth > 3:
        yield template.text
        return
    choices = [[text for t in templates(*value) for text in written_out(t, depth + 1)] for value in template.values]
    pieces = template.text.split("{}")
    for values in itertools.product(*choices):
        yield pieces[0] + "".join(value + piece for value, piece in zip(values, pieces[1:], strict=True))


def without_chinese(template: Template, section: Told) -> set[str]:
    """The texts of a template that are no key, and of which English is left over."""
    if template.text in keys(section):
        return set()
    known = set(itertools.islice(written_out(template), 100)) - set(keys(section))
    if section == "place":  # a value may be a number or a place
        return {text for text in known if all(latin(CHINESE.place(text.replace("{}", v))) for v in ("7", "line 7"))}
    return {text for text in known if latin(CHINESE.told(filled(text)))}


def latin(text: str) -> int:
    return len(re.findall("[A-Za-z]", text))


def calls(node: ast.AST, around: tuple[ast.AST, ...]) -> Iterator[tuple[ast.Call, tuple[ast.AST, ...]]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, around
        yield from calls(child, (child, *around) if isinstance(child, ast.FunctionDef) else around)


@functools.cache
def literals() -> str:
    """All texts that stand in the code, said or not."""
    return "\n".join({n.value for n in nodes() if isinstance(n, ast.Constant) and isinstance(n.value, str)})


def stands_in_code(text: str, parts: int = 3) -> bool:
    """Whether a text is put together of no more than so many that stand in the code."""
    if text.strip() in literals():
        return True
    words = text.split(" ")
    cuts = range(1, len(words)) if parts > 1 else ()
    return any(" ".join(words[:n]) in literals() and stands_in_code(" ".join(words[n:]), parts - 1) for n in cuts)


@functools.cache
def keys(section: Told) -> tuple[str, ...]:
    return tuple(CHINESE.section(section))


def filled(template: str) -> str:
    """A template whose values are 〈0〉, 〈1〉 …"""
    numbers = itertools.count()
    return re.sub(r"\{\}", lambda _: f"〈{next(numbers)}〉", template)


@pytest.mark.parametrize("section", SECTIONS)
def test_whatever_the_code_says_has_its_chinese(section: Told):
    assert not [text for template in said(section).values() for text in without_chinese(template, section)]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("line 19 with line 31 + page 3", "第 19 行与第 31 行 + 第 3 页"),
        ("row 2, column en", "第 2 行，列 en"),
        ("cue 4, 00:01 | lines 3 to 5", "字幕 4，00:01 | 第 3–5 行"),
        ("zh_CN.po, message 5, form 2", "zh_CN.po，消息 5，复数形式 2"),
    ],
)
def test_places_are_said_piece_by_piece(english: str, chinese: str):
    assert CHINESE.place(english) == chinese


def test_several_texts_in_one_line_are_told_apart():
    problems = (
        "r.xlsx, T!D2: 'x' is none of: candidate, accepted; r.xlsx, T!C6: is empty; to drop a term choose rejected"
    )
    assert CHINESE.told(f"{problems} under Review (nothing was imported)") == (
        "r.xlsx, T!D2: 'x' 不在可选值之列：候选，已接受；r.xlsx, T!C6：为空；要去掉术语，请在“审校”列选“已否决”"
        "（未导入任何内容）"
    )


def test_what_stands_in_brackets_is_said_inside_the_sentence_around_it():
    said = (
        "in: no document that can be read (a.rtf: left out: .rtf files cannot be read; save it as .docx in Word or "
        "LibreOffice; b.mo: left out: .mo files cannot be read; give the .po it was made from)"
    )
    assert CHINESE.told(said) == (
        "in：没有可以读取的文档（a.rtf：未收入：无法读取 .rtf 文件；请在 Word 或 LibreOffice 中另存为 .docx；"
        "b.mo：未收入：无法读取 .mo 文件；请给出生成它的 .po 文件）"
    )


def test_what_a_library_says_stays_inside_the_chinese_sentence():
    assert CHINESE.told("a.xlsx: cannot be read (bad; see: 3 units)") == "a.xlsx：无法读取（bad; see: 3 units）"
    assert CHINESE.told("Something else went wrong.") == "Something else went wrong."


@pytest.mark.parametrize("section", SECTIONS)
def test_no_chinese_stands_for_what_the_code_does_not_say(section: Told):
    used = set(said(section)) | {text for template in said(section).values() for text in written_out(template)}
    parts = {name: re.split(r"\{\}|, |: |; ", name) for name in set(keys(section)) - used}
    assert not [name for name, pieces in parts.items() if not all(map(stands_in_code, pieces))]


@pytest.mark.parametrize(("section", "name"), [(section, name) for section in SECTIONS for name in keys(section)])
def test_a_template_is_found_by_its_own_text_and_keeps_all_values(section: Told, name: str):
    answer = str(CHINESE.section(section)[name])
    assert CHINESE.told(filled(name), section) == re.sub(r"\{(\d+)(:[\w.|-]+)?\}", r"〈\1〉", answer)
    assert {int(number) for number in re.findall(r"\{(\d+)", answer)} == set(range(name.count("{}")))
    sections = "|".join(re.findall(r"\{\d+:([\w.|-]+)\}", answer)).split("|")
    assert all(CHINESE.section(section) for section in sections if section not in ("", "told"))
