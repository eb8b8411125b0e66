"""Word files: paragraphs, numbers that Word makes, tables, and files that are not safe."""

import io
import zipfile
from datetime import date

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from clauses.reading import UnreadablePlan, read_bytes, read_plan

BODY = "各部门要落实责任。"
ROWS = [
    ("序号", "重点任务", "牵头单位", "配合单位", "完成时限"),
    ("1", "建立平台。实现联网。", "区应急管理局", "各镇（街道）、区住建局", "2025年6月底前"),
    ("2", "开展应急演练", "区应急管理局", "", "每年至少1次"),
    ("3", "持续开展宣传", "区委宣传部", "区教育局 区总工会", "长期坚持"),
]


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def add_table(document, rows):
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def test_paragraphs_become_lines():
    document = Document()
    for line in ("某区方案", "一、责任", BODY):
        document.add_paragraph(line)
    assert read_bytes("a.docx", saved(document)) == f"某区方案\n一、责任\n{BODY}"


def test_numbers_that_word_makes_are_written_out():
    document = Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(
            [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")]
        )
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    for depth, text in [
        (0, "责任"),
        (1, "属地"),
        (1, "部门"),
        (0, "监管"),
        (1, "执法"),
        (2, "检查"),
    ]:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="77"/></w:numPr>'
            )
        )
    assert read_bytes("a.docx", saved(document)).split("\n") == [
        "一、责任", "（一）属地", "（二）部门", "二、监管", "（一）执法", "1.检查",
    ]  # fmt: skip


def style(name, *, base="", numbers=""):
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    properties = f"<w:pPr><w:numPr>{numbers}</w:numPr></w:pPr>" if numbers else ""
    return f'<w:style w:type="paragraph" w:styleId="{name}">{based}{properties}</w:style>'


def test_numbers_come_from_the_style_that_a_style_is_based_on():
    levels = (
        '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:pStyle w:val="Second"/><w:numFmt w:val="chineseCounting"/>'
        '<w:lvlText w:val="（%2）"/></w:lvl>'
    )
    numbering = (
        f'<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    listed, silent = '<w:numId w:val="1"/>', '<w:numId w:val="0"/>'
    styles = [
        style("First", numbers=listed),
        style("OwnFirst", base="First"),
        style("Second", base="OwnFirst", numbers=listed),
        style("OwnSecond", base="Second"),
        style("Plain", base="OwnFirst", numbers=silent),
        style("Round", base="About"),
        style("About", base="Round"),
    ]
    lines = [
        ("OwnFirst", "责任"), ("OwnSecond", "属地"), ("OwnSecond", "部门"), ("Plain", "说明"),
        ("Round", "绕圈"), ("First", "监管"), ("OwnSecond", "执法"),
    ]  # fmt: skip
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for name, text in lines
    )
    data = packed(
        word__document=f"<w:document {nsdecls('w')}><w:body>{body}</w:body></w:document>",
        word__numbering=numbering,
        word__styles=f"<w:styles {nsdecls('w')}>{''.join(styles)}</w:styles>",
    )
    assert read_bytes("a.docx", data).split("\n") == [
        "一、责任", "（一）属地", "（二）部门", "说明", "绕圈", "二、监管", "（一）执法",
    ]  # fmt: skip


def test_deleted_revisions_are_left_out_and_inserted_ones_kept():
    document = Document()
    paragraph = document.add_paragraph("各部门要")
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>每月</w:t></w:r></w:ins>"))
    paragraph._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>每年</w:delText></w:r></w:del>")
    )
    paragraph.add_run("检查。")
    assert read_bytes("a.docx", saved(document)) == "各部门要每月检查。"


def test_rows_of_a_task_table_are_clauses_with_the_columns_as_notes():
    document = Document()
    document.add_paragraph("某区重点任务分解表")
    add_table(document, ROWS)
    plan = read_plan(read_bytes("a.docx", saved(document)))
    assert plan.title == "某区重点任务分解表"
    assert [(c.number, c.title) for c in plan.clauses] == [
        (1, "建立平台。实现联网。"),
        (2, "开展应急演练"),
        (3, "持续开展宣传"),
    ]
    first, second, third = plan.proposals
    assert first.bearers == ("区应急管理局", "各镇（街道）", "区住建局")
    assert (first.leads, first.deadline) == (("区应急管理局",), date(2025, 6, 30))
    assert second.frequency == "yearly"
    assert (third.bearers[1:], third.frequency) == (("区教育局", "区总工会"), "continuous")


def test_rows_without_a_number_are_sentences_of_the_number_above():
    document = Document()
    document.add_paragraph("某区重点任务分解表")
    rows = [
        ("序号", "重点任务", "具体措施", "牵头单位", "完成时限"),
        ("1", "燃气安全", "排查餐饮场所", "区商务局", "2024年6月底前"),
        ("", "", "更换不合格软管", "区住建局", "长期坚持"),
        ("", "", "", "开展集中宣传活动", ""),
        ("2", "消防安全", "打通生命通道", "区消防救援大队", "每季度"),
    ]
    add_table(document, rows)
    table = document.tables[0]
    for column in (0, 1):
        table.cell(1, column).merge(table.cell(2, column))
    table.cell(3, 0).merge(table.cell(3, 2))
    plan = read_plan(read_bytes("a.docx", saved(document)))
    assert [c.number for c in plan.clauses] == [1, 2]
    first, second, third, _ = plan.proposals
    assert plan.text[second.start : second.end] == "燃气安全\t更换不合格软管\t区住建局\t长期坚持"
    assert (second.leads, second.frequency) == (("区住建局",), "continuous")
    assert (first.leads, first.deadline) == (("区商务局",), date(2024, 6, 30))
    assert (plan.text[third.start : third.end], third.deadline) == ("开展集中宣传活动", None)
    assert [p.code for p in plan.provisions] == ["01-01", "01-02", "01-03", "02-01"]


def test_number_behind_a_merged_kind_counts_the_rows():
    document = Document()
    document.add_paragraph("某区全链条治理任务清单")
    rows = [
        ("链条", "序号", "治理任务", "责任分工", "", "完成时间"),
        ("", "", "", "牵头部门", "配合部门", ""),
        ("电动自行车", "1", "严查非法改装", "区市场监管局", "区公安分局", "2025年6月30日"),
        ("", "2", "建设充电设施", "区住建局", "各镇", "2025年底"),
        ("保温材料", "3", "抽检外墙材料", "区市场监管局", "区住建局", "每年2次"),
    ]
    add_table(document, rows)
    table = document.tables[0]
    for first, last in [((0, 3), (0, 4)), ((0, 1), (1, 1)), ((2, 0), (3, 0))]:
        table.cell(*first).merge(table.cell(*last))
    plan = read_plan(read_bytes("a.docx", saved(document)))
    assert [(c.label, c.title) for c in plan.clauses] == [
        ("1", "严查非法改装"), ("2", "建设充电设施"), ("3", "抽检外墙材料"),
    ]  # fmt: skip
    assert [(p.leads, p.deadline, p.frequency) for p in plan.proposals] == [
        (("区市场监管局",), date(2025, 6, 30), None),
        (("区住建局",), date(2025, 12, 31), None),
        (("区市场监管局",), None, "yearly"),
    ]


def test_annexed_table_does_not_stand_for_the_plan():
    document = Document()
    for line in ("某区方案", "一、责任", BODY * 3, "二、监管", BODY * 3, "附件：任务分解表"):
        document.add_paragraph(line)
    add_table(document, ROWS)
    plan = read_plan(read_bytes("a.docx", saved(document)))
    assert [c.title for c in plan.clauses] == ["责任", "监管"]
    assert plan.text[: plan.body_end].endswith(BODY)


def test_table_that_only_arranges_the_page_is_read_as_paragraphs():
    document = Document()
    table = document.add_table(rows=1, cols=1)
    table.cell(0, 0).text = f"某区方案\n一、责任\n{BODY}"
    text = read_bytes("a.docx", saved(document))
    assert read_plan(text).clauses[0].title == "责任"


def packed(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return stream.getvalue()


def test_archive_that_swells_is_refused():
    with pytest.raises(UnreadablePlan, match="解压后过大"):
        read_bytes("a.docx", packed(word__document=b" " * 30_000_000))


def test_entities_that_multiply_are_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    with pytest.raises(UnreadablePlan, match="已损坏"):
        read_bytes("a.docx", packed(word__document=bomb))


def test_elements_nested_without_end_are_refused():
    deep = f"<w:document {nsdecls('w')}><w:body>" + "<w:sdt>" * 5000 + "</w:sdt>" * 5000
    with pytest.raises(UnreadablePlan, match="已损坏"):
        read_bytes("a.docx", packed(word__document=f"{deep}</w:body></w:document>"))


@pytest.mark.parametrize("content", ["<not closed", "<a/>", ""])
def test_other_archives_are_refused(content):
    with pytest.raises(UnreadablePlan):
        read_bytes("a.docx", packed(word__document=content))
    with pytest.raises(UnreadablePlan, match="已损坏"):
        read_bytes("a.docx", packed(other=content))


def test_truncated_file_is_refused():
    document = Document()
    document.add_paragraph("一、责任")
    with pytest.raises(UnreadablePlan, match="已损坏"):
        read_bytes("a.docx", saved(document)[:-200])


HEAD = ("序号", "重点任务", "牵头单位", "配合单位", "完成时限")
TASKS = [
    ("1", "开展宣传", "区委宣传部", "区教育局", "长期坚持"),
    ("2", "组织培训", "区应急局", "", "2025年6月底前"),
    ("1", "开展排查", "区住建局", "各镇", "每季度"),
    ("2", "整改销号", "区住建局", "各镇", "2025年12月底前"),
]
SAID = [
    (("区委宣传部", "区教育局"), ("区委宣传部",), None, "continuous"),
    (("区应急局",), ("区应急局",), date(2025, 6, 30), None),
    (("区住建局", "各镇"), ("区住建局",), None, "quarterly"),
    (("区住建局", "各镇"), ("区住建局",), date(2025, 12, 31), None),
]


def across(name):
    return (name, "", "", "", "")


def said_in_rows(document):
    plan = read_plan(read_bytes("a.docx", saved(document)))
    rows = [p for p in plan.proposals if "\t" in plan.text[p.start : p.end]]
    return plan, [(p.bearers, p.leads, p.deadline, p.frequency) for p in rows]


@pytest.mark.parametrize("names", [("一、宣传教育", "二、隐患排查"), ("宣传教育", "隐患排查")])
def test_rows_that_head_others_are_sections_and_the_columns_hold_below_them(names):
    document = Document()
    document.add_paragraph("某区任务分解表")
    add_table(document, [HEAD, across(names[0]), *TASKS[:2], across(names[1]), *TASKS[2:]])
    plan, said = said_in_rows(document)
    assert said == SAID
    assert [(s.label + s.heading) for s in plan.sections] == list(names)
    assert [(c.section, c.title) for c in plan.clauses] == [
        (1, "开展宣传"), (1, "组织培训"), (2, "开展排查"), (2, "整改销号"),
    ]  # fmt: skip


def test_rows_that_head_others_inside_a_clause_are_titles_and_no_duty():
    document = Document()
    for line in ("某区方案", "一、目标", "不发生事故。", "二、任务", "按下表落实："):
        document.add_paragraph(line)
    add_table(document, [HEAD, across("宣传教育"), *TASKS[:2], across("隐患排查"), *TASKS[2:]])
    for line in ("三、要求", BODY):
        document.add_paragraph(line)
    plan, said = said_in_rows(document)
    assert said == SAID
    titles = [plan.text[p.start : p.end] for p in plan.provisions if p.is_heading]
    assert titles == ["\t".join(HEAD), "宣传教育", "隐患排查"]


def test_columns_hold_below_a_heading_between_two_tables():
    document = Document()
    for line in ("某区方案", "一、目标", "不发生事故。", "二、任务", "1.宣传教育"):
        document.add_paragraph(line)
    add_table(document, [HEAD, *TASKS[:2]])
    document.add_paragraph("2.隐患排查")
    add_table(document, TASKS[2:])
    for line in ("三、要求", BODY):
        document.add_paragraph(line)
    _, said = said_in_rows(document)
    assert said == SAID
