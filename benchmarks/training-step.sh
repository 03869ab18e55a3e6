#!/usr/bin/env bash
# Seconds per training step of an older commit, of this tree, and of the same step in PyTorch: every round runs each of them once. Writes one table.
# Wants Linux, git, the .NET SDK, and a Python with PyTorch (Debian: python3-torch); some 2 GB in TMPDIR; and a machine that does nothing else.
set -euo pipefail
shopt -s inherit_errexit

usage() {
    cat <<'TEXT'
benchmarks/training-step.sh [--base COMMIT] [--phase training|pretraining] [--widths PHI/PSI/ETA]... [--rounds N] [--steps N] [--warmup N] [--threads N] [--python FILE] [--out FILE]

  --base COMMIT   what is compared with (b815343)
  --phase NAME    the joint training (training), or the pre-training of eta (pretraining)
  --widths W/W/W  of phi, psi and eta; may be repeated (16/16/16 and 10/8/10)
  --rounds N      how often every alternative runs (5)
  --steps N       how many steps a run times (30), after --warmup N others (10)
  --threads N     how many threads each computes with (all processors)
  --python FILE   a Python that has PyTorch (/usr/bin/python3)
  --out FILE      benchmarks/results/training-step.md, or training-step-pretraining.md
TEXT
}

command="benchmarks/training-step.sh${*:+ $*}"
base=b815343 phase=training widths=() rounds=5 steps=30 warmup=10 threads=$(nproc) python=/usr/bin/python3 out=
while [ $# -gt 0 ]; do
    case $1 in
        --help) usage; exit ;;
        --base | --phase | --rounds | --steps | --warmup | --threads | --python | --out) declare "${1#--}=${2:?$1 wants a value}" ;;
        --widths) widths+=("${2:?$1 wants a value}") ;;
        *) echo "$1 is not an option." >&2; usage >&2; exit 2 ;;
    esac
    shift 2
done
[ ${#widths[@]} -gt 0 ] || widths=(16/16/16 10/8/10)
case $phase in
    training) suffix= ;;
    pretraining) suffix=-pretraining ;;
    *) echo "--phase is '$phase'; expected training or pretraining." >&2; exit 2 ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
out=$(realpath -m "${out:-$here/results/training-step$suffix.md}")
git -C "$root" cat-file -e "$base^{commit}" 2> /dev/null || { echo "--base is '$base', which is no commit of this repository." >&2; exit 2; }
base=$(git -C "$root" rev-parse --short "$base^{commit}")
"$python" -c 'import torch' || { echo "$python has no PyTorch. Install it (Debian: python3-torch), or name another with --python." >&2; exit 2; }

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
temp=$(mktemp -d)
trap 'git -C "$root" worktree remove --force "$temp/base" 2> /dev/null || true; rm -rf "$temp"' EXIT
trap 'exit 130' INT TERM

git -C "$root" worktree add --quiet --detach "$temp/base" "$base"
mkdir -p "$temp/base/benchmarks/KeypointMl.TrainingStep"
cp "$here"/KeypointMl.TrainingStep/*.cs "$here"/KeypointMl.TrainingStep/*.csproj "$temp/base/benchmarks/KeypointMl.TrainingStep/"

build() { # prints the program's path; leaves no compiler behind that would compute beside what is timed
    local project=$1/benchmarks/KeypointMl.TrainingStep/KeypointMl.TrainingStep.csproj
    echo "Building $1 …" >&2
    dotnet build "$project" -c Release -v quiet -nodeReuse:false -p:UseSharedCompilation=false >&2
    dotnet msbuild "$project" -p:Configuration=Release -getProperty:TargetPath
}
base_program=$(build "$temp/base")
this_program=$(build "$root")

# Both follow the base's recipe, with everything in words that decides how much a step has to compute: presets may change.
same=(
    size=64 training.batch=16 regressor_pretraining.batch=32 training.image_pool=50 training.ema_decay=0.99 training.gradient_clip=1
    losses.reconstruction_kind=pyramid-l1 losses.equivariance=2
    networks.discriminator.width=16 networks.discriminator.layers=3 networks.discriminator.scales=2
)

ours() { # program, widths
    local phi psi eta value arguments=()
    IFS=/ read -r phi psi eta <<< "$2"
    for value in "${same[@]}" "networks.width=$phi" "networks.generator_width=$psi" "networks.regressor_width=$eta"; do
        arguments+=(--set "$value")
    done
    # In the base's folder, so that both read its manifest too.
    (cd "$temp/base" && dotnet "$1" --recipe pipelines/train/puppets.yaml "${arguments[@]}" --phase "$phase" --threads "$threads" --steps "$steps" --warmup "$warmup" --json)
}

pytorch() { # widths
    local phi psi eta
    IFS=/ read -r phi psi eta <<< "$1"
    "$python" "$here/pytorch/training_step.py" --width "$phi" --generator-width "$psi" --regressor-width "$eta" \
        --phase "$phase" --threads "$threads" --steps "$steps" --warmup "$warmup" --json
}

others() { # how much of one processor others take, in per cent, over two seconds
    { grep '^cpu ' /proc/stat; sleep 2; grep '^cpu ' /proc/stat; } | awk '{ now = $2 + $3 + $4 + $7 + $8 + $9 } NR == 1 { then = now } END { printf "%d\n", (now - then) / 2 }'
}

alternatives=(base this pytorch)
count=${#alternatives[@]}
for ((round = 0; round < rounds; round++)); do
    for width in "${widths[@]}"; do
        for ((turn = 0; turn < count; turn++)); do
            # Backwards every second round, as the other benchmarks.
            name=${alternatives[(round + (round % 2 == 0 ? turn : count - turn)) % count]}
            echo "Round $((round + 1)) of $rounds, $width: $name" >&2
            busy=$(others)
            [ "$busy" -lt 10 ] || echo "Something else takes $busy % of a processor: what is timed now is not to be trusted." >&2
            case $name in
                base) result=$(ours "$base_program" "$width") ;;
                this) result=$(ours "$this_program" "$width") ;;
                pytorch) result=$(pytorch "$width") ;;
            esac
            printf '{"alternative":"%s","widths":"%s","busy":%d,"result":%s}\n' "$name" "$width" "$busy" "$result" >> "$temp/runs.jsonl"
        done
    done
done

"$python" "$here/training_step_table.py" "$temp/runs.jsonl" --title "training-step$suffix" --command "$command" \
    --base "$base" --this "$(git -C "$root" describe --always --dirty='-changed')" --warmup "$warmup" > "$temp/table.md"
mkdir -p "$(dirname "$out")"
mv "$temp/table.md" "$out"
cat "$out"
