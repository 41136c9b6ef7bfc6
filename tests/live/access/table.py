"""Who may do what, as people say it: every call, by every kind of caller. By hand; the policy file is not asked.

A row is the call's operation id, its method, its path, and the status that each column's caller gets. `{lead}` is a
person who enrolled in a campaign of the department `north`, `{buyer}` one who negotiates, `{stranger}` neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

COLUMNS = ("nobody", "channel", "specialist", "marketing", "other", "sales", "analyst", "admin")
"""`marketing` is of `north`, `other` is marketing of `south`."""

TABLE = """
health                GET    /healthz                                    200 200 200 200 200 200 200 200
ready                 GET    /readyz                                     200 200 200 200 200 200 200 200
openapi               GET    /openapi.json                               200 200 200 200 200 200 200 200
review_page           GET    /review                                     200 200 200 200 200 200 200 200
review_page           GET    /review/                                    200 200 200 200 200 200 200 200
review_asset          GET    /review/assets/main.js                      200 200 200 200 200 200 200 200

observe               POST   /v1/observations                            401 201 403 403 403 403 403 403
observe_batch         POST   /v1/observations/batch                      401 200 403 403 403 403 403 403

find_persons          GET    /v1/persons?identifier=email:lead@x.org     401 403 200 200 200 200 403 403
get_person            GET    /v1/persons/{lead}                          401 403 200 200 404 404 403 403
get_person            GET    /v1/persons/{buyer}                         401 403 200 404 404 200 403 403
get_person            GET    /v1/persons/{stranger}                      401 403 200 404 404 404 403 403
get_person            GET    /v1/persons/none                            401 403 404 404 404 404 403 403
get_timeline          GET    /v1/persons/{lead}/timeline                 401 403 200 200 404 404 403 403
get_timeline          GET    /v1/persons/{buyer}/timeline                401 403 200 404 404 200 403 403
get_timeline          GET    /v1/persons/{stranger}/timeline             401 403 200 404 404 404 403 403
get_neighbourhood     GET    /v1/persons/{lead}/graph                    401 403 200 200 404 404 403 403
get_neighbourhood     GET    /v1/persons/{buyer}/graph                   401 403 200 404 404 200 403 403
get_neighbourhood     GET    /v1/persons/{stranger}/graph                401 403 200 404 404 404 403 403

list_identifiers      GET    /v1/identifiers                             401 403 200 403 403 403 403 403
list_candidates       GET    /v1/candidates                              401 403 200 403 403 403 403 403
count_candidates      GET    /v1/candidates/counts                       401 403 200 403 403 403 403 403
list_device_owners    GET    /v1/candidates/by-person                    401 403 200 403 403 403 403 403
count_matching        GET    /v1/candidates/matching                     401 403 200 403 403 403 403 403
claim_next            POST   /v1/candidates/next                         401 403 204 403 403 403 403 403
stream_changes        GET    /v1/candidates/stream                       401 403 200 403 403 403 403 403
show_bulk             GET    /v1/candidates/bulk                         401 403 200 403 403 403 403 403
decide_bulk           POST   /v1/candidates/bulk                         401 403 422 403 403 403 403 403
get_batch             GET    /v1/batches/none                            401 403 404 403 403 403 403 403
retract_batch         POST   /v1/batches/none/retract                    401 403 404 403 403 403 403 403
get_candidate         GET    /v1/candidates/none                         401 403 404 403 403 403 403 403
claim_candidate       POST   /v1/candidates/none/claim                   401 403 404 403 403 403 403 403
release_candidate     DELETE /v1/candidates/none/claim                   401 403 409 403 403 403 403 403
decide_candidate      POST   /v1/candidates/none/decisions               401 403 422 403 403 403 403 403
confirm_decision      POST   /v1/decisions/none/confirm                  401 403 404 403 403 403 403 403
retract_decision      POST   /v1/decisions/none/retract                  401 403 404 403 403 403 403 403
make_gold             PUT    /v1/candidates/none/gold                    401 403 403 403 403 403 403 404
unmake_gold           DELETE /v1/candidates/none/gold                    401 403 403 403 403 403 403 404

list_decisions        GET    /v1/decisions                               401 403 200 403 403 403 403 200
export_decisions      GET    /v1/decisions/export                        401 403 200 403 403 403 403 200
verify_decisions      GET    /v1/decisions/verify                        401 403 200 403 403 403 403 200
list_models           GET    /v1/models                                  401 403 200 403 403 403 403 200
get_model             GET    /v1/models/none                             401 403 404 403 403 403 403 404
promote_model         POST   /v1/models/none/promote                     401 403 428 403 403 403 403 428
get_quality           GET    /v1/quality                                 401 403 200 403 403 403 200 200

put_campaign          PUT    /v1/campaigns/summer                        401 403 403 200 403 403 403 403
put_artifact          PUT    /v1/campaigns/summer/artifacts/hero         401 403 403 200 403 403 403 403
activate_campaign     POST   /v1/campaigns/summer/activate               401 403 403 200 403 403 403 403
end_campaign          POST   /v1/campaigns/summer/end                    401 403 403 200 403 403 403 403
get_campaign          GET    /v1/campaigns/summer                        401 403 403 200 403 200 403 403
list_leads            GET    /v1/campaigns/summer/leads                  401 403 403 200 403 200 403 403

create_key            POST   /v1/keys                                    401 403 403 403 403 403 403 201
list_keys             GET    /v1/keys                                    401 403 403 403 403 403 403 200
rotate_key            POST   /v1/keys/none/rotate                        401 403 403 403 403 403 403 404
revoke_key            DELETE /v1/keys/none                               401 403 403 403 403 403 403 404
"""

BODIES: dict[str, Any] = {
    "observe": {"channel": "form", "identifiers": [{"kind": "cookie", "value": "c-1"}]},
    "observe_batch": {"channel": "form", "identifiers": [{"kind": "cookie", "value": "c-1"}]},
    "put_campaign": {"name": "Summer"},
    "put_artifact": {"kind": "copy", "content": {"headline": "Hi"}},
    "create_key": {"name": "one", "role": "channel"},
}
"""What is sent with a call; what is not here sends nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    operation: str
    method: str
    path: str
    statuses: dict[str, int]


def lines() -> list[Line]:
    """The rows of the table."""
    found = []
    for row in TABLE.strip().splitlines():
        if row.strip():
            operation, method, path, *statuses = row.split()
            found.append(Line(operation, method, path, dict(zip(COLUMNS, map(int, statuses), strict=True))))
    return found
