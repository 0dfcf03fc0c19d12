"""``python -m lykeion.sandbox.jail PLAN``."""

import sys

from lykeion.sandbox.jail import keeper, plan

if __name__ == "__main__":
    keeper.keep(plan.read(sys.argv[1]))
