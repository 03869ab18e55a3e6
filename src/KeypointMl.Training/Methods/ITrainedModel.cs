using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Networks;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>The networks of one method: those being trained, and the averaged ones that are evaluated, drawn and exported.</summary>
public interface ITrainedModel : IDisposable
{
    /// <summary>Where the networks are.</summary>
    Device Device { get; }

    /// <summary>Moves every network, the renderer included.</summary>
    void MoveTo(Device device);

    /// <summary>Every network by its name in checkpoints.</summary>
    IEnumerable<(string Name, nn.Module Module)> All { get; }

    /// <summary>The networks that take their weights from the run of <c>training.initialise_from</c>, by their names there.</summary>
    IEnumerable<(string Name, nn.Module Module)> Inherited => All;

    /// <summary>The networks being trained.</summary>
    IEnumerable<nn.Module> Trained { get; }

    /// <summary>
    /// The averaged detector in evaluation mode: image [N,3,H,W] in [−1,1] → points [N,L,2] in [−1,1] and confidence
    /// [N,L].
    /// </summary>
    nn.Module<Tensor, (Tensor Keypoints, Tensor Confidence)> Detector { get; }

    /// <summary>What the detector's points are: the data set's keypoints, or landmarks that have no names (imm).</summary>
    Skeleton Points { get; }

    /// <summary>Whether the points are the data set's keypoints, and so have names.</summary>
    bool PointsAreKeypoints => true;

    /// <summary>β, and η as its pre-training left it, which tells left from right when poses are measured; null for none.</summary>
    (SkeletonRenderer Beta, KeypointRegressor Eta)? Offline => null;

    /// <summary>
    /// Where the points [N,K,2] of images [N,3,H,W] are by whatever taught the detector: the detector's own points where nothing did.
    /// </summary>
    Tensor Teach(Tensor images) => Detector.call(images).Keypoints;

    /// <summary>Does without a network that a checkpoint of an earlier version, or of another recipe, lacks.</summary>
    /// <returns>Whether the network can be done without.</returns>
    bool DoWithout(string name);

    /// <summary>What the networks make of frames x and x′ [N,3,H,W], as pictures with titles, x first.</summary>
    IReadOnlyList<(string Title, Tensor Images)> Draw(Tensor x, Tensor style);
}
