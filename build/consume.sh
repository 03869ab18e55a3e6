#!/usr/bin/env bash
# Packs everything into a folder feed and uses it as a stranger would, from packages only: a console program and a web service (from the templates), a program
# of one file, and the tools. Says how large each is, and fails where one is too large.
#   build/consume.sh [FOLDER]     FOLDER keeps what was made; else it is thrown away
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=${1:-$(mktemp -d)}
[ $# -gt 0 ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
work=$(cd "$work" && pwd)
feed=$work/feed
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NUGET_PACKAGES=${NUGET_PACKAGES:-$HOME/.nuget/packages}
picture=$root/docs/images/icon.png

dotnet pack build/packages.proj -o "$feed" -v q
version=$(basename "$feed"/KeypointMl.Cpu.*.nupkg .nupkg)
version=${version#KeypointMl.Cpu.}
# A version that was packed before must not be taken from the cache in place of this one.
for package in "$feed"/*.nupkg; do
    name=$(basename "$package" ".$version.nupkg")
    rm -rf "${NUGET_PACKAGES:?}/${name,,}/$version"
done

# What an application restores with the packages that carry no natives: the nuspecs, ours followed to theirs.
brings() {
    unzip -p "$feed/$1.$version.nupkg" "$1.nuspec" | sed -n 's/.*<dependency id="\([^"]*\)".*/\1/p' | while read -r name; do
        case $name in
            KeypointMl*) brings "$name" ;;
            *) echo "$name" ;;
        esac
    done
}
expects() { # package, what it brings of others
    local found
    found=$(brings "$1" | sort -u | tr '\n' ' ')
    [ "$found" = "$2" ] || { echo "consume: $1 brings '$found', expected '$2'" >&2; return 1; }
    echo "consume: $1 brings ${2:-nothing of others}"
}
expects KeypointMl.Poses ''
# System.Numerics.Tensors and SkiaSharp's natives for Linux: what ONNX Runtime and ML.NET bring themselves, at the versions pinned here.
expects KeypointMl.Onnx 'Google.Protobuf Microsoft.ML.OnnxRuntime.Managed System.Numerics.Tensors '
expects KeypointMl "Google.Protobuf Microsoft.ML Microsoft.ML.ImageAnalytics Microsoft.ML.OnnxRuntime.Managed SkiaSharp \
SkiaSharp.NativeAssets.Linux.NoDependencies System.Numerics.Tensors "
! unzip -l "$feed/KeypointMl.$version.nupkg" | grep -q runtimes/ || { echo "consume: KeypointMl carries natives" >&2; exit 1; }

mkdir -p "$work/apps" && cd "$work/apps"
dotnet new nugetconfig --force > /dev/null
dotnet nuget add source "$feed" --name feed --configfile nuget.config > /dev/null

megabytes() { # files of a folder, without the copies of packages that the SDK keeps beside a tool
    find "$1" -type f ! -name '*.nupkg' -printf '%s\n' | awk '{ s += $1 } END { printf "%d", s / 1e6 }'
}
fits() { # what, folder, limit in MB
    local size
    size=$(megabytes "$2")
    echo "consume: $1: $size MB (at most $3)"
    [ "$size" -le "$3" ]
}
says() { # what, expected text, command…
    local what=$1 expected=$2 said
    shift 2
    said=$("$@" 2>&1) || { echo "consume: $what failed: $said" >&2; return 1; }
    case $said in
        *"$expected"*) echo "consume: $what works" ;;
        *) echo "consume: $what said: $said" >&2; return 1 ;;
    esac
}

dotnet new install "$feed/KeypointMl.Templates.$version.nupkg" --debug:custom-hive "$work/hive" > /dev/null
dotnet new keypoint-app -o app --debug:custom-hive "$work/hive" > /dev/null
dotnet publish app -o app-published --self-contained false --use-current-runtime -v q
(cd app && says 'the console program' head: "$work/apps/app-published/app" "$picture")
test -s app/keypoints.zip
fits 'the published console program' app-published 70

dotnet new keypoint-api -o service --debug:custom-hive "$work/hive" > /dev/null
dotnet publish service -o service-published --self-contained false --use-current-runtime -v q
./service-published/service --urls http://127.0.0.1:0 > service.log 2>&1 &
service=$!
for _ in $(seq 100); do
    url=$(sed -n 's/.*Now listening on: //p' service.log)
    [ -z "$url" ] || break
    sleep 0.1
done
says 'the web service' '"name":"head"' curl -sS --data-binary "@$picture" "$url/keypoints"
says 'the web service with a damaged picture' '400' curl -sS -o /dev/null -w '%{http_code}' --data-binary nonsense "$url/keypoints"
kill "$service"
fits 'the published web service' service-published 70

cat > one-file.cs <<EOF
#:package KeypointMl.Cpu@$version
#:package KeypointMl.Models.Flies@$version
#:property PublishAot=false
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Models;

using KeypointDetector detector = KeypointDetector.Load(KeypointModels.Flies.Detector, "flies");
DetectedPose pose = detector.Detect(ImageDecoder.Decode(args[0]));
Console.WriteLine(\$"{detector.Skeleton.Keypoints[0]} {pose.Keypoints[0]}");
EOF
says 'the program of one file' head dotnet run one-file.cs -- "$picture"

{
    printf '#:package %s@%s\n' KeypointMl.Cpu "$version" KeypointMl.Models.Puppets "$version"
    echo '#:property PublishAot=false'
    awk '/^```csharp$/ { f = 1; next } /^```$/ && f { exit } f' "$root/README.md"
} > readme.cs
says "the README's program" 'head at <' dotnet run readme.cs -- "$picture"

dotnet tool install KeypointMl.Score --version "$version" --tool-path "$work/tools/score" > /dev/null
says 'keypointml-score inspect' '13 keypoints' "$work/tools/score/keypointml-score" inspect "$root/onnx/flies/detector.onnx"
says 'keypointml-score score' '1' "$work/tools/score/keypointml-score" score --model "$root/onnx/puppets/detector.onnx" \
    --input "$picture" --output "$work/poses.csv"
grep -q icon.png "$work/poses.csv"
fits 'the tool for scoring' "$work/tools/score" 120

dotnet tool install KeypointMl.Tool --version "$version" --tool-path "$work/tools/full" > /dev/null
says 'keypointml' 'quickstart' "$work/tools/full/keypointml"
"$work/tools/full/keypointml" doctor || true
fits 'the tool with training' "$work/tools/full" 600
# Packed on whatever Linux, it is to load on older ones too.
if [ "$(uname -s)" = Linux ]; then
    torchsharp=$(sed -n 's/.*Include="TorchSharp" Version="\([^"]*\)".*/\1/p' "$root/Directory.Packages.props")
    library=$(find "$work/tools/full" -name libLibTorchSharp.so)
    ! cmp -s "$library" "$NUGET_PACKAGES/torchsharp/$torchsharp/runtimes/linux-x64/native/libLibTorchSharp.so" \
        || { echo "consume: the tool's libLibTorchSharp.so asks for a new libstdc++" >&2; exit 1; }
    echo "consume: the tool's libLibTorchSharp.so is rewritten for older systems"
fi
says 'dotnet tool exec' 'keypointml-score [command]' dotnet tool exec "KeypointMl.Score@$version" --yes --source "$feed" -- --help
