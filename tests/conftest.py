"""What the machine says of itself is no part of a test: how fast it is, how wide its terminal."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("derive", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("derive")
os.environ.pop("COLUMNS", None)  # pytest's workers set it
