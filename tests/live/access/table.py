"""Who may do what, as people say it: every call, by every kind of caller. By hand; the policy file is not asked.

A row is the call's operation id, its method, its path, and the status that each column's caller gets. `{lead}` is a
person who enrolled in a campaign of the department `north`, `{buyer}` one who negotiates, `{stranger}` neither.
A stream (`WS`) is let in (101) or closed (1008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

COLUMNS = ("nobody", "page", "channel", "specialist", "marketing", "other", "sales", "analyst", "admin")
"""`page` is a channel's key that stands in web pages; `marketing` is of `north`, `other` is marketing of `south`."""

TABLE = """
health                GET    /healthz                                    200 200 200 200 200 200 200 200 200
ready                 GET    /readyz                                     200 200 200 200 200 200 200 200 200
openapi               GET    /openapi.json                               200 200 200 200 200 200 200 200 200
front_page            GET    /                                          307 307 307 307 307 307 307 307 307
review_page           GET    /review                                     200 200 200 200 200 200 200 200 200
review_page           GET    /review/                                    200 200 200 200 200 200 200 200 200
review_asset          GET    /review/assets/main.js                      200 200 200 200 200 200 200 200 200
analyst_page          GET    /analyst                                   200 200 200 200 200 200 200 200 200
analyst_page          GET    /analyst/                                  200 200 200 200 200 200 200 200 200
analyst_asset         GET    /analyst/assets/main.js                    200 200 200 200 200 200 200 200 200
switch                GET    /switch.js                                 200 200 200 200 200 200 200 200 200
get_image             GET    /images/none                               404 404 404 404 404 404 404 404 404
metrics               GET    /metrics                                   200 200 200 200 200 200 200 200 200

list_sign_ins         GET    /login/ways                                200 200 200 200 200 200 200 200 200
sign_in               GET    /login                                     404 404 404 404 404 404 404 404 404
finish_sign_in        GET    /login/callback                            404 404 404 404 404 404 404 404 404
redeem_ticket         POST   /login/ticket                              401 401 401 401 401 401 401 401 401
get_session           GET    /v1/session                                401 403 403 200 200 200 200 200 200
end_session           DELETE /v1/session                                401 403 403 200 200 200 200 200 200

observe               POST   /v1/observations                            401 201 201 403 403 403 403 403 403
observe_batch         POST   /v1/observations/batch                      401 403 200 403 403 403 403 403 403

cloudevent            POST   /v1/cloudevents                             401 403 201 403 403 403 403 403 403
agree_to_cloudevents  OPTIONS /v1/cloudevents                           405 405 405 405 405 405 405 405 405
post_form             POST   /v1/forms/summer                            401 201 201 403 403 403 403 403 403
post_chat_message     POST   /v1/chat/messages                           401 201 201 403 403 403 403 403 403
post_chat_logout      POST   /v1/chat/logout                             401 201 201 403 403 403 403 403 403
segment_identify      POST   /segment/v1/identify                       401 200 200 403 403 403 403 403 403
segment_identify      POST   /segment/v1/i                              401 200 200 403 403 403 403 403 403
segment_identify      POST   /v1/identify                               401 200 200 403 403 403 403 403 403
segment_identify      POST   /v1/i                                      401 200 200 403 403 403 403 403 403
segment_track         POST   /segment/v1/track                          401 200 200 403 403 403 403 403 403
segment_track         POST   /segment/v1/t                              401 200 200 403 403 403 403 403 403
segment_track         POST   /v1/track                                  401 200 200 403 403 403 403 403 403
segment_track         POST   /v1/t                                      401 200 200 403 403 403 403 403 403
segment_page          POST   /segment/v1/page                           401 200 200 403 403 403 403 403 403
segment_page          POST   /segment/v1/p                              401 200 200 403 403 403 403 403 403
segment_page          POST   /v1/page                                   401 200 200 403 403 403 403 403 403
segment_page          POST   /v1/p                                      401 200 200 403 403 403 403 403 403
segment_screen        POST   /segment/v1/screen                         401 200 200 403 403 403 403 403 403
segment_screen        POST   /segment/v1/s                              401 200 200 403 403 403 403 403 403
segment_screen        POST   /v1/screen                                 401 200 200 403 403 403 403 403 403
segment_screen        POST   /v1/s                                      401 200 200 403 403 403 403 403 403
segment_group         POST   /segment/v1/group                          401 200 200 403 403 403 403 403 403
segment_group         POST   /segment/v1/g                              401 200 200 403 403 403 403 403 403
segment_group         POST   /v1/group                                  401 200 200 403 403 403 403 403 403
segment_group         POST   /v1/g                                      401 200 200 403 403 403 403 403 403
segment_alias         POST   /segment/v1/alias                          401 200 200 403 403 403 403 403 403
segment_alias         POST   /segment/v1/a                              401 200 200 403 403 403 403 403 403
segment_alias         POST   /v1/alias                                  401 200 200 403 403 403 403 403 403
segment_alias         POST   /v1/a                                      401 200 200 403 403 403 403 403 403
segment_batch         POST   /segment/v1/batch                          401 200 200 403 403 403 403 403 403
segment_batch         POST   /segment/v1/b                              401 200 200 403 403 403 403 403 403
segment_batch         POST   /v1/batch                                  401 200 200 403 403 403 403 403 403
segment_batch         POST   /v1/b                                      401 200 200 403 403 403 403 403 403
segment_metrics       POST   /segment/v1/m                               200 200 200 200 200 200 200 200 200
segment_metrics       POST   /v1/m                                       200 200 200 200 200 200 200 200 200
twilio_call           POST   /v1/phone/twilio                            403 403 403 403 403 403 403 403 403
show_confirmation     GET    /confirm                                    400 400 400 400 400 400 400 400 400
confirm_form          POST   /confirm                                    400 400 400 400 400 400 400 400 400
snippet               GET    /vito.js                                    200 200 200 200 200 200 200 200 200
stream_call           WS     /v1/voice/twilio                           1008 1008 101 1008 1008 1008 1008 1008 1008
make_call_token       POST   /v1/voice/tokens                           401 403 201 403 403 403 403 403 403
post_evidence         POST   /v1/evidence                               401 403 415 403 403 403 403 403 403
get_evidence          GET    /v1/evidence/none                          401 403 403 404 403 403 403 403 404
get_evidence          HEAD   /v1/evidence/none                          401 403 403 404 403 403 403 403 404
list_call_reviews     GET    /v1/voice/reviews                          401 403 403 200 403 403 403 403 403
settle_call_review    POST   /v1/voice/reviews/none                     401 403 403 422 403 403 403 403 403

find_persons          GET    /v1/persons?identifier=email:lead@x.org     401 403 403 200 200 200 200 403 403
get_person            GET    /v1/persons/{lead}                          401 403 403 200 200 404 404 403 403
get_person            GET    /v1/persons/{buyer}                         401 403 403 200 404 404 200 403 403
get_person            GET    /v1/persons/{stranger}                      401 403 403 200 404 404 404 403 403
get_person            GET    /v1/persons/none                            401 403 403 404 404 404 404 403 403
get_timeline          GET    /v1/persons/{lead}/timeline                 401 403 403 200 200 404 404 403 403
get_timeline          GET    /v1/persons/{buyer}/timeline                401 403 403 200 404 404 200 403 403
get_timeline          GET    /v1/persons/{stranger}/timeline             401 403 403 200 404 404 404 403 403
get_neighbourhood     GET    /v1/persons/{lead}/graph                    401 403 403 200 200 404 404 403 403
get_neighbourhood     GET    /v1/persons/{buyer}/graph                   401 403 403 200 404 404 200 403 403
get_neighbourhood     GET    /v1/persons/{stranger}/graph                401 403 403 200 404 404 404 403 403

list_identifiers      GET    /v1/identifiers                             401 403 403 200 403 403 403 403 403
list_candidates       GET    /v1/candidates                              401 403 403 200 403 403 403 403 403
count_candidates      GET    /v1/candidates/counts                       401 403 403 200 403 403 403 403 403
list_device_owners    GET    /v1/candidates/by-person                    401 403 403 200 403 403 403 403 403
count_matching        GET    /v1/candidates/matching                     401 403 403 200 403 403 403 403 403
claim_next            POST   /v1/candidates/next                         401 403 403 204 403 403 403 403 403
stream_changes        GET    /v1/candidates/stream                       401 403 403 200 403 403 403 403 403
show_bulk             GET    /v1/candidates/bulk                         401 403 403 200 403 403 403 403 403
decide_bulk           POST   /v1/candidates/bulk                         401 403 403 422 403 403 403 403 403
get_batch             GET    /v1/batches/none                            401 403 403 404 403 403 403 403 403
retract_batch         POST   /v1/batches/none/retract                    401 403 403 404 403 403 403 403 403
get_candidate         GET    /v1/candidates/none                         401 403 403 404 403 403 403 403 403
claim_candidate       POST   /v1/candidates/none/claim                   401 403 403 404 403 403 403 403 403
release_candidate     DELETE /v1/candidates/none/claim                   401 403 403 404 403 403 403 403 403
decide_candidate      POST   /v1/candidates/none/decisions               401 403 403 422 403 403 403 403 403
acknowledge_link      POST   /v1/candidates/none/acknowledge             401 403 403 422 403 403 403 403 403
confirm_decision      POST   /v1/decisions/none/confirm                  401 403 403 404 403 403 403 403 403
retract_decision      POST   /v1/decisions/none/retract                  401 403 403 404 403 403 403 403 403
make_gold             PUT    /v1/candidates/none/gold                    401 403 403 403 403 403 403 403 404
unmake_gold           DELETE /v1/candidates/none/gold                    401 403 403 403 403 403 403 403 404

list_decisions        GET    /v1/decisions                               401 403 403 200 403 403 403 403 200
export_decisions      GET    /v1/decisions/export                        401 403 403 200 403 403 403 403 200
verify_decisions      GET    /v1/decisions/verify                        401 403 403 200 403 403 403 403 200
list_models           GET    /v1/models                                  401 403 403 200 403 403 403 403 200
get_model             GET    /v1/models/none                             401 403 403 404 403 403 403 403 404
promote_model         POST   /v1/models/none/promote                     401 403 403 428 403 403 403 403 428
get_quality           GET    /v1/quality                                 401 403 403 200 403 403 403 200 200
run_cypher            POST   /v1/cypher                                 401 403 403 403 403 403 403 400 403
list_named_queries    GET    /v1/cypher/named                           401 403 403 403 403 403 403 200 403
run_named_query       POST   /v1/cypher/named/none                      401 403 403 403 403 403 403 404 403

put_campaign          PUT    /v1/campaigns/summer                        401 403 403 403 200 403 403 403 403
put_artifact          PUT    /v1/campaigns/summer/artifacts/hero         401 403 403 403 200 403 403 403 403
delete_artifact       DELETE /v1/campaigns/summer/artifacts/none        401 403 403 403 404 403 403 403 403
delete_campaign       DELETE /v1/campaigns/summer                       401 403 403 403 409 403 403 403 403
activate_campaign     POST   /v1/campaigns/summer/activate               401 403 403 403 200 403 403 403 403
end_campaign          POST   /v1/campaigns/summer/end                    401 403 403 403 200 403 403 403 403
list_campaigns        GET    /v1/campaigns                              401 403 403 403 200 200 200 403 403
get_campaign          GET    /v1/campaigns/summer                        401 403 403 403 200 403 200 403 403
list_leads            GET    /v1/campaigns/summer/leads                  401 403 403 403 200 403 200 403 403
get_funnel            GET    /v1/campaigns/summer/funnel                401 403 403 403 200 403 200 403 403
put_image             POST   /v1/campaigns/summer/images                401 403 403 403 422 403 403 403 403

create_key            POST   /v1/keys                                    401 403 403 403 403 403 403 403 201
list_keys             GET    /v1/keys                                    401 403 403 403 403 403 403 403 200
rotate_key            POST   /v1/keys/none/rotate                        401 403 403 403 403 403 403 403 404
revoke_key            DELETE /v1/keys/none                               401 403 403 403 403 403 403 403 404
erase_person          DELETE /v1/persons/none                           401 403 403 403 403 403 403 403 404
export_person         GET    /v1/persons/none/export                    401 403 403 404 403 403 403 403 404
get_erasure           GET    /v1/erasures/none                          401 403 403 403 403 403 403 403 404
list_retention        GET    /v1/retention                              401 403 403 403 403 403 403 403 200
set_retention         PUT    /v1/retention/page.viewed                  401 403 403 403 403 403 403 403 422
drop_retention        DELETE /v1/retention/page.viewed                  401 403 403 403 403 403 403 403 404
list_sinks            GET    /v1/sinks                                  401 403 403 403 403 403 403 403 200
get_sink              GET    /v1/sinks/none                             401 403 403 403 403 403 403 403 404
put_sink              PUT    /v1/sinks/none                             401 403 403 403 403 403 403 403 400
delete_sink           DELETE /v1/sinks/none                             401 403 403 403 403 403 403 403 404
projections_status    GET    /v1/projections                            401 403 403 403 403 403 403 403 200
list_dead_entries     GET    /v1/projections/dead                       401 403 403 403 403 403 403 403 200
retry_dead_entries    POST   /v1/projections/retry                      401 403 403 403 403 403 403 403 200
"""

BODIES: dict[str, Any] = {
    "observe": {"channel": "form", "identifiers": [{"kind": "cookie", "value": "c-1"}]},
    "observe_batch": {"channel": "form", "identifiers": [{"kind": "cookie", "value": "c-1"}]},
    "cloudevent": {
        "specversion": "1.0",
        "id": "1",
        "source": "/shop",
        "type": "order.placed",
        "data": {"identifiers": [{"kind": "cookie", "value": "c-1"}]},
    },
    "make_call_token": {"seconds": 60},
    "post_form": {"email": "one@x.org"},
    "post_chat_message": {"session": "s-1", "text": "Hi"},
    "post_chat_logout": {"session": "s-1"},
    "segment_identify": {"userId": "u-1", "messageId": "m-1"},
    "segment_track": {"userId": "u-1", "event": "Order", "messageId": "m-2"},
    "segment_page": {"userId": "u-1", "messageId": "m-3"},
    "segment_screen": {"userId": "u-1", "messageId": "m-4"},
    "segment_group": {"userId": "u-1", "groupId": "g-1", "messageId": "m-5"},
    "segment_alias": {"userId": "u-1", "previousId": "a-1", "messageId": "m-6"},
    "segment_batch": {"batch": []},
    "put_campaign": {"name": "Summer"},
    "put_artifact": {"kind": "copy", "content": {"headline": "Hi"}},
    "redeem_ticket": {"ticket": "vito_s_none"},
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
