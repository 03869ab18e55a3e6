using TorchSharp;
using TorchSharp.Modules;

namespace KeypointMl.Training.Runs;

/// <summary>
/// TensorBoard's event files of a run: <c>tensorboard --logdir RUN/tensorboard</c>. Every start or resume writes a file
/// of its own.
/// </summary>
internal sealed class TensorBoardLog
{
    private readonly SummaryWriter writer;

    /// <summary>Starts an event file.</summary>
    /// <param name="folder">The folder; made if missing.</param>
    public TensorBoardLog(string folder)
    {
        Directory.CreateDirectory(folder);
        writer = torch.utils.tensorboard.SummaryWriter(folder);
    }

    /// <summary>
    /// Writes the numbers of a log line, as <c>loss/…</c>, <c>evaluation/…</c> and <c>images_per_second</c>; those of
    /// pre-training under <c>regressor_pretraining/</c>.
    /// </summary>
    public void Add(TrainingLogEntry entry)
    {
        string prefix = entry.Phase switch
        {
            TrainingPhase.RegressorPretraining => "regressor_pretraining/",
            TrainingPhase.Articulation => "articulation/",
            _ => "",
        };
        int step = checked((int)entry.Step);
        foreach ((string name, double value) in entry.Losses)
            writer.add_scalar($"{prefix}loss/{name}", (float)value, step);
        foreach ((string name, double value) in entry.Evaluation)
            writer.add_scalar($"{prefix}evaluation/{name}", (float)value, step);
        if (entry.ImagesPerSecond is { } speed)
            writer.add_scalar($"{prefix}images_per_second", (float)speed, step);
    }

    /// <summary>Writes a picture, such as a grid of samples.</summary>
    /// <param name="name">Its name, such as <c>samples</c>.</param>
    /// <param name="pngPath">A PNG file.</param>
    /// <param name="step">The step that it shows.</param>
    public void AddPicture(string name, string pngPath, long step) => writer.add_img(name, pngPath, checked((int)step));
}
