"""What search engines read: the pages described in the terms of schema.org (JSON-LD)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from corpus.model import Plan

Linked = Mapping[str, object]

_NAME = "Kế hoạch cấp tỉnh"


def website(base: str) -> Linked:
    """Return the description of the question box at `base`."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": _NAME,
        "url": base,
        "inLanguage": "vi",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{base}?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }


def legislation(plan: Plan, base: str) -> Linked:
    """Return the description of one plan."""
    described: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "name": plan.title or plan.id,
        "url": f"{base}plan/{quote(plan.id)}",
        "inLanguage": "vi",
        "legislationType": "Kế hoạch",
    }
    if plan.number:
        described["legislationIdentifier"] = plan.number
    if plan.issued_on:
        described["legislationDate"] = plan.issued_on.isoformat()
    if plan.issuer:
        described["legislationPassedBy"] = {
            "@type": "GovernmentOrganization",
            "name": plan.issuer,
        }
    if plan.province:
        described["legislationJurisdiction"] = plan.province
    if plan.period:
        described["temporalCoverage"] = f"{plan.period.first}/{plan.period.last}"
    return described


def dataset(provinces: Iterable[str], base: str) -> Linked:
    """Return the description of everything that is held, of these `provinces`."""
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": "Kế hoạch của Ủy ban nhân dân các tỉnh",
        "description": "Đề mục và dòng phụ lục của các kế hoạch, mỗi chỗ kèm vị trí trong văn bản.",
        "url": f"{base}kho",
        "inLanguage": "vi",
        "spatialCoverage": list(provinces),
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": kind,
                "contentUrl": f"{base}v1/plans?format={name}",
            }
            for name, kind in (
                ("json", "application/json"),
                ("csv", "text/csv"),
            )
        ],
    }
