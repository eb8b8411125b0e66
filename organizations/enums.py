"""Kinds of units and posts, and what follows from them."""

from django.db import models


class UnitKind(models.TextChoices):
    STREET = "street", "街道"
    TOWN = "town", "镇"
    FARM = "farm", "农场"
    ZONE = "zone", "功能区"
    DEPARTMENT = "department", "政府部门"
    PARTY_ORGAN = "party_organ", "党委部门"
    MASS_ORGANISATION = "mass_organisation", "群团组织"
    SUPERVISORY_BODY = "supervisory_body", "监督协同机关"
    COMMITTEE = "committee", "议事协调机构"
    COMMITTEE_OFFICE = "committee_office", "安委会办公室"


# 属地单位：方案所称“各镇（场、街道）”。
TERRITORIAL_KINDS = frozenset({UnitKind.STREET, UnitKind.TOWN, UnitKind.FARM})
# 人大、政协、法院、检察院与任务只有联系，不催办、不考核；议事协调机构和功能区也不逐件催办。
NEVER_CHASED_KINDS = frozenset({UnitKind.SUPERVISORY_BODY, UnitKind.COMMITTEE, UnitKind.ZONE})


class AssessmentClass(models.TextChoices):
    """Classes of units that are assessed alike, in the order in which every page lists them."""

    TOWNSHIP = "township", "镇（场、街道）"
    CLASS1 = "class1", "一类（监管）"
    CLASS2 = "class2", "二类（行业管理）"
    CLASS3 = "class3", "三类（支持保障）"

    @classmethod
    def place_of(cls, value: str) -> int:
        return cls.values.index(value)


class PostKind(models.TextChoices):
    HEAD = "head", "主要负责人"
    DEPUTY = "deputy", "分管负责人"
    LIAISON = "liaison", "联络员"
    OFFICE = "office", "安委办经办人"
    LEADER = "leader", "区领导"
    AUDITOR = "auditor", "审计员"


# 在本单位名下办理任务的岗位。
UNIT_POSTS = frozenset({PostKind.HEAD, PostKind.DEPUTY, PostKind.LIAISON})
