"""The main job on one machine: the bridge itself, unchanged, against the sandbox. No account, no key, no network."""
