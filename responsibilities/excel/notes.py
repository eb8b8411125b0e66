"""The sheet 说明: how to fill the table and bring it back."""

from responsibilities.excel.columns import COLUMNS

NOTES: tuple[tuple[str, ...], ...] = (
    ("怎样填写",),
    ("1", "", "只改蓝色表头的列；灰色的列照录原文或由平台算出，改了也不导入。"),
    ("2", "", "不需要改的行可以删掉；删掉的行在台账里保持原样，不会被撤销。"),
    (
        "3",
        "",
        "不能在表里加新任务。新任务要从条文立项：到“方案条文”的逐句分解中选句立项，再导出。",
    ),
    ("4", "", "“编号”“版本”和表头不要改。版本对不上的行，是导出之后别人改过，要重新导出再改。"),
    ("5", "", "文字以 = + - @ 开头的，前面带一个 ' 号，防止被当作公式；导回时自动去掉。"),
    ("怎样导回",),
    ("1", "", "由区安委办在“任务台账—导入”上传本表（.xlsx，不超过 10 MB、5000 行）。"),
    ("2", "", "先看到逐行改动对照和错误，这时什么都没有写入；写明理由并确认后一次导入。"),
    ("3", "", "有一处错误，整张表都不导入；改好再传。每一处改动都记入任务的变更记录。"),
    ("各列说明",),
    ("列", "能否改", "填写说明"),
    *(
        (
            column.heading,
            "可改" if column.is_editable else "不改",
            f"{column.hint}可选：{'；'.join(column.labels)}。" if column.labels else column.hint,
        )
        for column in COLUMNS
    ),
)
