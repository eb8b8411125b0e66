"""Saved views of the ledger: a name for a query string."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from common.tracked import TrackedQuerySet, history

if TYPE_CHECKING:
    from organizations.access import Access


class SavedViewQuerySet(TrackedQuerySet["SavedView"]):
    def visible_to(self, access: "Access") -> "SavedViewQuerySet":
        """A person's own views; those shared by the office too for whoever sees every row.

        A shared view may name units, so a unit does not meet it.
        """
        shown = (
            Q(owner=access.user) | Q(is_shared=True) if access.sees_all else Q(owner=access.user)
        )
        return self.filter(shown, is_void=False)

    def offered_to(self, person: Any) -> "SavedViewQuerySet":
        """A person's own views and the shared ones: the sidebar of whoever sees every row."""
        return self.filter(Q(owner=person) | Q(is_shared=True), is_void=False)


class SavedView(models.Model):
    """视图：给一组台账筛选条件起的名字。"""

    owner = models.ForeignKey(
        "organizations.User",
        verbose_name="所有人",
        on_delete=models.PROTECT,
        related_name="saved_views",
    )
    name = models.CharField("名称", max_length=20)
    query = models.CharField("筛选条件", max_length=500)
    is_shared = models.BooleanField("共享", default=False)
    is_void = models.BooleanField("已删除", default=False)

    objects = SavedViewQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "视图"
        verbose_name_plural = "视图"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_savedview_name",
                fields=["owner", "name"],
                condition=Q(is_void=False),
                violation_error_message="您已有同名视图，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('responsibilities:obligation_list')}?{self.query}"
