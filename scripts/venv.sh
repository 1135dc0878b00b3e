#!/bin/sh
# Make a virtual environment: [PYTHON=python3.11] sh scripts/venv.sh FOLDER
set -eu

folder=$1

suitable() { # TensorFlow 2.21 has wheels up to Python 3.13
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-python3 python3.11 python3.12 python3.13}; do
        if suitable "$name"; then
            echo "$name"
            return
        fi
    done
    echo "ConvScope needs Python 3.11, 3.12 or 3.13, and ${PYTHON:-python3} is none of them." >&2
    echo "Install one, and name it where it is not found: make PYTHON=/path/to/python3.11" >&2
    return 1
}

bring_ensurepip() { # Debian keeps it apart from Python
    "$1" -c 'import ensurepip' 2>/dev/null && return
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq "$package" && return
    fi
    echo "This Python cannot make a virtual environment. On Debian and Ubuntu: sudo apt install $package" >&2
    return 1
}

python=$(find_python)
bring_ensurepip "$python"
"$python" -m venv "$folder" || {
    rm -f "$folder/pyvenv.cfg" # else make would take half an environment for a whole one
    exit 1
}
