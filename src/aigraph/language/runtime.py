"""ONNX Runtime, kept from reporting.

From 1.32 on the library writes an identifier of the machine into the home folder when it is imported, and looks for a
server of its maker to report to. aigraph works offline, so this is put off before the import; the function that the
library has for it (`disable_telemetry_events`) comes too late for the identifier.
"""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort

__all__ = ["ort"]
