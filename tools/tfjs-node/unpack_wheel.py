"""Unpacks libtensorflow and its C headers out of a wheel of TensorFlow, as tfjs-node's binding.gyp expects them.

    python3 unpack_wheel.py WHEEL FOLDER      writes FOLDER/lib and FOLDER/include
"""

import shutil
import sys
from pathlib import Path
from zipfile import ZipFile

INCLUDE = "tensorflow/include/"
HEADERS = tuple(INCLUDE + room for room in ("tensorflow/c/", "tensorflow/core/platform/", "tsl/"))
# The linker looks for the names on the right.
LIBRARIES = {
    "tensorflow/libtensorflow_cc.so.2": "libtensorflow.so",
    "tensorflow/libtensorflow_framework.so.2": "libtensorflow_framework.so",
}


def unpack(wheel: Path, folder: Path) -> None:
    missing = set(LIBRARIES)
    with ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name in LIBRARIES:
                missing.discard(name)
                target = folder / "lib" / Path(name).name
            elif name.startswith(HEADERS) and name.endswith(".h"):
                target = folder / "include" / name[len(INCLUDE) :]
            else:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
    if missing:
        raise SystemExit(f"{wheel.name} lacks {', '.join(sorted(missing))}")
    for name, link in LIBRARIES.items():
        (folder / "lib" / link).symlink_to(Path(name).name)


if __name__ == "__main__":
    unpack(Path(sys.argv[1]), Path(sys.argv[2]))
