"""页面 page: one page of a shop: where it lies, what it is called, who may open it, and what shows it.

Every request for a page passes `guarded`: a stranger signs in first, another shop's page is not there (404), a page
that a role may not open says so (403), and a form is taken by a page that has one alone (405), from a role that may send
it. What a page shows is limited by the `Visit` it gets, on the server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from jinpai.book.people import ROLES, memberships
from jinpai.catalogue import Catalogue
from jinpai.errors import Words
from jinpai.render.story import Say

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from jinpai.book.models import Membership, Person
    from jinpai.workspace import Workspace

SEES_ALL = frozenset({"owner", "supervisor", "auditor"})
"""Roles that see every agent's figures."""
_NO_HINT = Words("", "")
Show = Callable[["Visit"], "HttpResponse"]


@dataclass(frozen=True, slots=True)
class Visit:
    """来访 one request of a person in a shop, with the role that the person has there; or the same done later by a job."""

    request: HttpRequest
    workspace: Workspace
    shop: str
    person: Person
    member: Membership
    page: Page
    is_job: bool = False

    @property
    def say(self) -> Say:
        """The person's language."""
        return Say(self.person.lang)

    @property
    def only_agent(self) -> str | None:
        """只看本人 the sub-account whose figures alone the visitor may see; None: everybody's."""
        return (self.member.agent or "") if self.member.role == "agent" else None

    def may(self, name: str) -> bool:
        """Whether the visitor's role opens the page of that name."""
        return self.member.role in pages().things[name].roles

    def asked(self, name: str) -> str | None:
        """What the address says under a name; nothing and blanks are None."""
        return str(self.request.GET.get(name, "")).strip() or None

    @property
    def is_sent(self) -> bool:
        """交表 whether the visitor sent a form."""
        return bool(self.request.method == "POST")

    def sent(self, name: str) -> str:
        """What a form says under a name, without blanks around it."""
        return str(self.request.POST.get(name, "")).strip()

    def render(self, template: str, **told: Any) -> HttpResponse:
        """网页 the template within the desk's frame: pages that the visitor may open, shops, language."""
        from django.shortcuts import render

        return render(self.request, template, frame(self.person, self.page, self.member) | told)


def frame(person: Person, page: Page, member: Membership | None) -> dict[str, Any]:
    """外框 what the desk's frame shows around a page: of the shop that is open, or of none."""
    say, role = Say(person.lang), member.role if member else ""
    return {
        "say": say, "lang": person.lang, "shop": member.shop if member else "", "shops": list(memberships(person)), "person": person,
        "page": page.called(role), "role": say.words(ROLES[role]) if role else "",
        "pages": [one.called(role) for one in in_order() if role in one.roles and one.place],
        "opens": frozenset(one.name for one in in_order() if role in one.roles),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """页面 `path` lies under the shop's address; `place` is where the navigation has it, 0: nowhere; `mine` is its title for agents.

    `sends` are the roles that may send its form; `under` names the page that lists it as a card, with `hint` below.
    """

    name: str
    path: str
    title: Words
    roles: frozenset[str]
    show: Show
    place: int = 0
    sends: frozenset[str] = frozenset()
    under: str = ""
    hint: Words = _NO_HINT
    mine: Words = _NO_HINT

    def called(self, role: str) -> Page:
        """怎么叫 the page under the title that it has for a role."""
        return replace(self, title=self.mine) if role == "agent" and self.mine.zh else self


@cache
def pages() -> Catalogue[Page]:
    """全部页面 every page of the desk, one file each."""
    return Catalogue("jinpai.desk.pages", "PAGE", Words("页面", "page"))


def in_order() -> list[Page]:
    """导航次序 every page as the navigation has them."""
    return sorted(pages().things.values(), key=lambda page: (page.place, page.name))


def guarded(page: Page) -> Callable[..., HttpResponse]:
    """把门 the view of a page: who may not see it, or not in this shop, does not."""
    from django.contrib.auth.decorators import login_required
    from django.core.exceptions import PermissionDenied
    from django.http import Http404, HttpResponseNotAllowed
    from django.views.decorators.cache import never_cache

    def view(request: HttpRequest, shop: str) -> HttpResponse:
        person: Any = request.user
        member = memberships(person).get(shop)
        if member is None:
            raise Http404
        if member.role not in page.roles:
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            if request.method != "POST" or not page.sends:
                return HttpResponseNotAllowed(["GET", "POST"] if page.sends else ["GET"])
            if member.role not in page.sends:
                raise PermissionDenied
        return page.show(Visit(request, workspace(), shop, person, member, page))

    open_to: Callable[..., HttpResponse] = never_cache(login_required(view))
    return open_to


def workspace() -> Workspace:
    """工作区 whose desk this is."""
    from django.conf import settings

    from jinpai.workspace import Workspace

    return Workspace.open(settings.JINPAI_ROOT)
