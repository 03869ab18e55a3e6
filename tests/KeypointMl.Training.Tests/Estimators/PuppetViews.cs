using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Devices;
using KeypointMl.Training.MlNet;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Training.Tests;

/// <summary>The tiny run's puppets as data views of PNG files and pose vectors, and the options to train on them.</summary>
internal static class PuppetViews
{
    /// <summary>A training of a few steps on these views.</summary>
    public static KeypointGanOptions Options => new()
    {
        Recipe = TinyRun.Recipe(steps: 3, pretraining: 2),
        ImageColumnName = "Path",
        Skeleton = PuppetDataset.Skeleton,
        Detection = new() { Device = KeypointDevice.Cpu, IntraOpThreads = 1 },
    };

    public static IDataView Frames(MLContext ml, string folder) =>
        Load(ml, Write(TinyRun.Puppets.OpenTrainingFrames(), Path.Combine(folder, "train"), poses: null));

    public static IDataView Test(MLContext ml, string folder)
    {
        using LabelledFrames test = TinyRun.Puppets.OpenLabelled("test");
        return Load(ml, Write(test.Frames, Path.Combine(folder, "test"), test.Poses));
    }

    public static IDataView Prior(MLContext ml) => ml.Data.LoadFromEnumerable(
        TinyRun.Puppets.OpenPrior().Poses.Select(pose => new PoseRow
        {
            Pose = MemoryMarshal.Cast<Vector2, float>(pose).ToArray(),
        }).ToArray());

    public static FrameRow[] Write(IFrameSet frames, string folder, IReadOnlyList<Vector2[]>? poses)
    {
        Directory.CreateDirectory(folder);
        var rows = new List<FrameRow>();
        foreach (Clip clip in frames.Clips)
        {
            for (int i = 0; i < clip.Length; i++)
            {
                int index = clip.Start + i;
                var image = new RgbImage(frames.Width, frames.Height);
                frames.Read(index, image.Pixels);
                string path = Path.Combine(folder, $"{index:D4}.png");
                ImageWriter.Write(image, path);
                rows.Add(new FrameRow
                {
                    Path = path,
                    Video = clip.Name,
                    Frame = i,
                    Label = poses is null
                        ? new float[2 * PuppetDataset.Skeleton.Count]
                        : MemoryMarshal.Cast<Vector2, float>(poses[index]).ToArray(),
                });
            }
        }
        return [.. rows];
    }

    public static IDataView Load(MLContext ml, IEnumerable<FrameRow> rows)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FrameRow));
        schema[nameof(FrameRow.Label)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2 * PuppetDataset.Skeleton.Count);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }

    public sealed class PoseRow
    {
        [VectorType(30)]
        public float[] Pose { get; set; } = [];
    }
}
