"""A list of named checks; prints one line for each, and says with the exit code whether all held."""
import sys
import traceback


def run(checks):
    failed = 0
    for name, check in checks.items():
        try:
            check()
            print(f"ok {name}", flush=True)
        except Exception:
            failed += 1
            print(f"not ok {name}: {traceback.format_exc()}", flush=True)
    sys.exit(1 if failed else 0)
