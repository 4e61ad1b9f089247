import ast
from pathlib import Path

import keras_nn.data

HEAVY = {"PIL", "matplotlib", "pandas", "scipy", "sklearn"}


def test_nothing_heavy_is_imported_before_it_is_needed():
    files = sorted(Path(keras_nn.data.__file__).parent.glob("*.py"))
    assert len(files) > 10
    for file in files:
        for node in ast.parse(file.read_text()).body:
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module]
            roots = {name.split(".")[0] for name in names}
            assert not roots & HEAVY, f"{file.name} imports {roots & HEAVY}"
            if "tensorflow" in roots:
                assert file.name == "batches.py"
