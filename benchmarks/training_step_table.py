"""Turns the runs of training-step.sh (one line of JSON each) into the table of results."""
import argparse
import datetime
import json
import pathlib
import platform
import statistics
import sys

EXTENSIONS = ["avx2", "avx512f", "avx512_vnni", "amx_bf16", "asimd"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=pathlib.Path)
    parser.add_argument("--title", required=True)
    parser.add_argument("--command", required=True)
    parser.add_argument("--base", required=True)
    parser.add_argument("--this", required=True)
    parser.add_argument("--warmup", required=True)
    options = parser.parse_args()
    runs = [json.loads(line) for line in options.runs.read_text().splitlines()]
    require_same_work(runs)
    names = {"base": f"base, {options.base}", "this": f"this tree, {options.this}", "pytorch": "PyTorch, eager"}
    first = runs[0]["result"]
    versions = {name: next(run["result"]["versions"] for run in runs if run["alternative"] == name) for name in names}
    print(f"# {options.title}\n\n`{options.command}`\n")
    print(f"{processor()}; {system()};")
    print("; ".join(f"{names[name]}: {text}" for name, text in versions.items()) + f"; {datetime.date.today()}.")
    what = "Steps of the joint training" if first["phase"] == "training" else "Steps of η's pre-training"
    print(f"{what} at {first['size']}×{first['size']} pixels, batch {first['batch']}, {first['threads']} threads; {len(first['seconds'])} steps a run, after {options.warmup} others.")
    print(f"Before a run, others took at most {max(run['busy'] for run in runs)} % of one processor.\n")
    print("Seconds: the median of a run's steps; the median of the runs, and the smallest and largest. Speed: base ÷ alternative within a round, likewise.")
    if first["phase"] == "training":
        print("KeypointMl's steps include loading: its frames are drawn on another thread meanwhile. PyTorch's are random bytes in memory.")
    print()
    print("| × the base's speed | seconds per step | alternative | widths of Φ, Ψ, η | parameters | rounds |\n|---:|---:|---|---|---:|---:|")
    for widths in dict.fromkeys(run["widths"] for run in runs):
        medians = {name: [statistics.median(run["result"]["seconds"]) for run in runs if (run["alternative"], run["widths"]) == (name, widths)] for name in names}
        parameters = next(sum(run["result"]["parameters"].values()) for run in runs if run["widths"] == widths)
        for name, label in names.items():
            speed = spread([base / own for base, own in zip(medians["base"], medians[name])], 2)
            print(f"| {speed} | {spread(medians[name], 3)} | {label} | {widths.replace('/', ', ')} | {parameters:,} | {len(medians[name])} |")


def require_same_work(runs):
    """All runs of the same widths must have trained the same shapes."""
    for widths in {run["widths"] for run in runs}:
        work = {run["alternative"]: {key: run["result"][key] for key in ("phase", "batch", "size", "threads", "parameters")} for run in runs if run["widths"] == widths}
        if any(other != work["base"] for other in work.values()):
            sys.exit(f"The alternatives did not do the same work at widths {widths}, so that their times say nothing:\n" + "\n".join(f"  {name}: {what}" for name, what in work.items()))


def spread(values, digits):
    return f"**{statistics.median(values):.{digits}f}** ({min(values):.{digits}f}–{max(values):.{digits}f})"


def processor():
    info = dict(line.split(":", 1) for line in pathlib.Path("/proc/cpuinfo").read_text().split("\n\n")[0].replace("\t", "").splitlines())
    flags = info.get("flags", info.get("Features", "")).split()
    count = pathlib.Path("/proc/cpuinfo").read_text().count("processor\t")
    return f"{info.get('model name', platform.machine()).strip()}, {count} logical processors, {', '.join(flag for flag in EXTENSIONS if flag in flags)}"


def system():
    return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())


if __name__ == "__main__":
    main()
