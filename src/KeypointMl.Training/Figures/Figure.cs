using KeypointMl.Training.Reports;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Figures;

/// <summary>Draws the paper's figures from a run: <c>keypointml figure</c>.</summary>
public static class Figure
{
    /// <summary>Draws a figure with the run's averaged networks.</summary>
    /// <param name="run">A run with a checkpoint of its training.</param>
    /// <param name="dataRoot">The data root, or null for the environment's.</param>
    /// <param name="options">Which figure, and of what.</param>
    /// <param name="path">The PNG to write; it appears complete or not at all.</param>
    /// <exception cref="InvalidDataException">The run has no checkpoint of its training yet.</exception>
    /// <exception cref="InvalidOperationException">The run has not trained what the figure shows.</exception>
    /// <exception cref="ArgumentException">A move names no keypoint of the skeleton.</exception>
    /// <exception cref="IOException">The run's data are not there, or the picture cannot be written.</exception>
    public static void Write(RunFolder run, string? dataRoot, FigureOptions options, string path)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Examples, 1);
        using var source = FigureSource.Open(run, dataRoot, options.Device);
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        PictureGrid grid = options.Kind switch
        {
            FigureKind.DataFlow => DataFlowFigure.Draw(source, options),
            FigureKind.Leak => LeakFigure.Draw(source, options),
            FigureKind.Predictions => PredictionsFigure.Draw(source, options),
            FigureKind.Unpaired => UnpairedFigure.Draw(source, options),
            FigureKind.Transfer => TransferFigure.Draw(source, options),
            _ => EditsFigure.Draw(source, options),
        };
        grid.Save(path);
    }

    /// <summary>Columns of tiles as the rows of a grid.</summary>
    internal static PictureGrid OfColumns(
        FigureSource source, params IReadOnlyList<(string Title, Imaging.Images.RgbImage[] Tiles)> columns)
    {
        PictureGrid grid = source.Tiles.Grid([.. columns.Select(column => column.Title)]);
        for (int row = 0; row < columns[0].Tiles.Length; row++)
            grid.AddRow([.. columns.Select(column => column.Tiles[row])]);
        return grid;
    }
}

/// <summary>A figure of the paper.</summary>
public enum FigureKind
{
    /// <summary>Figure 3: x′, x, x̂ = Ψ(y*, x′), y = Φ(x), y* = β(η(y)).</summary>
    DataFlow,

    /// <summary>Figure 4: x, Φ(x), the reconstruction without the condition, log Φ(x).</summary>
    Leak,

    /// <summary>Figures 5 and 8: test frames with predictions.</summary>
    Predictions,

    /// <summary>Figure 7: the prior, unlabelled training frames, test frames with predictions.</summary>
    Unpaired,

    /// <summary>Figure 9: appearance of one, pose of another.</summary>
    Transfer,

    /// <summary>Figure 10: an image with its keypoints moved.</summary>
    Edits,
}

/// <summary>What a figure shows.</summary>
public sealed record FigureOptions
{
    /// <summary>Which figure.</summary>
    public required FigureKind Kind { get; init; }

    /// <summary>How many examples: rows of pictures, or columns where the paper's figure has them side by side; at least 1.</summary>
    public int Examples { get; init; } = 6;

    /// <summary>Where the networks run; the CPU by default.</summary>
    public TrainingDevice Device { get; init; } = TrainingDevice.Cpu;

    /// <summary>Chooses the examples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// For <see cref="FigureKind.Edits"/>: what is moved, each <c>NAME=DX,DY</c> (<see cref="KeypointEdit.Parse"/>);
    /// empty: the skeleton's first groups, upwards.
    /// </summary>
    public IReadOnlyList<string> Moves { get; init; } = [];
}
