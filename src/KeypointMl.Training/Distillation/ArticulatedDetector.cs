using KeypointMl.Training.Augmentations;
using KeypointMl.Training.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Distillation;

/// <summary>
/// The teacher and the articulated detector as one: where the teacher sees the subject, its canonical crop is cut out
/// and read; the crop is then cut once more by what was read there. For evaluation and as the student's teacher; it is
/// not exported.
/// </summary>
/// <param name="teacher">η∘Φ of the run that is distilled.</param>
/// <param name="teacherSize">Width and height of its images.</param>
/// <param name="frame">How the crop is cut.</param>
/// <param name="articulated">Reads the canonical crop.</param>
/// <param name="size">Width and height of the canonical crop.</param>
internal sealed class ArticulatedDetector(
    PoseDetector teacher, int teacherSize, CanonicalFrame frame, HeatmapDetector articulated, int size)
    : Module<Tensor, (Tensor Keypoints, Tensor Confidence)>(nameof(ArticulatedDetector))
{
    private const int Passes = 2;

    /// <summary>x [N,3,H,W] in [−1,1] → keypoints [N,K,2] in [−1,1] and confidence [N,K].</summary>
    public override (Tensor Keypoints, Tensor Confidence) forward(Tensor image)
    {
        (Tensor keypoints, Tensor confidence) = Place(image);
        for (int pass = 0; pass < Passes; pass++)
        {
            Tensor maps = frame.Maps(keypoints);
            (Tensor p, confidence) = articulated.call(AffineWarp.Warp(image, maps, size, size));
            keypoints = AffineWarp.ToOriginal(p, maps);
        }
        return (keypoints, confidence);
    }

    /// <summary>Where the teacher sees the keypoints, and its confidence; as the call.</summary>
    public (Tensor Keypoints, Tensor Confidence) Place(Tensor image) => Place(teacher, teacherSize, image);

    /// <summary>
    /// What a teacher of smaller images sees in larger ones. −1 and 1 are the centres of the first and last pixel, which
    /// lie nearer to the middle in the smaller image: f pixels are averaged to one, so its place u is f·u + (f−1)/2.
    /// </summary>
    public static (Tensor Keypoints, Tensor Confidence) Place(PoseDetector teacher, int teacherSize, Tensor image)
    {
        int factor = (int)image.shape[3] / teacherSize;
        if (factor <= 1)
            return teacher.call(image);
        (Tensor keypoints, Tensor confidence) = teacher.call(functional.avg_pool2d(image, factor));
        return (keypoints * (factor * (teacherSize - 1.0) / ((factor * teacherSize) - 1.0)), confidence);
    }
}
