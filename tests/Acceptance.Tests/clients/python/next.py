"""python next.py ADDRESS REFLECTION : tracks an event and asks for the next best action, knowing the engine by reflection only.

REFLECTION is the folder of reflection.py, a client that asks the server what it can do.
"""
import sys

import grpc

address, folder = sys.argv[1:]
sys.path.insert(0, folder)
import reflection  # noqa: E402

channel = grpc.insecure_channel(address)
PATIENCE = 20
events = reflection.Client(channel, "decisioning.v1.Events")
decisions = reflection.Client(channel, "decisioning.v1.Decisions")


def track():
    request = events.message("decisioning.v1.TrackRequest")
    event = request.events.add(message_id="p-1", user_id="python-1", event="Product Viewed")
    event.properties.update({"product_id": "rug-01", "price": 219.0})
    event.context.update({"channel": "web", "device": {"type": "mobile"}})
    acks = events.Track(request, timeout=PATIENCE).acks
    assert [(ack.status, ack.sequence) for ack in acks] == [(1, 1)], acks


def next_best_action():
    request = decisions.message("decisioning.v1.NextBestActionRequest", channel="web", placements=["hero"], explain=3)
    request.customer.user_id = "python-1"
    decision = decisions.NextBestAction(request, timeout=PATIENCE).decision
    assert decision.items[0].placement == "hero", decision
    assert decision.items[0].scores.priority > 0, decision
    assert decision.suppressed and decision.rules, decision


def bad_request():
    try:
        decisions.NextBestAction(decisions.message("decisioning.v1.NextBestActionRequest"), timeout=PATIENCE)
    except grpc.RpcError as error:
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT, error
        assert "user_id" in error.details(), error.details()
    else:
        raise AssertionError("it was accepted")


for check in (track, next_best_action, bad_request):
    check()
    print(f"ok {check.__name__}", flush=True)
