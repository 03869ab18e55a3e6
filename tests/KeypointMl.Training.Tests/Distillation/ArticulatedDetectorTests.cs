using System.Numerics;
using KeypointMl.Training.Distillation;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class ArticulatedDetectorTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void Place_of_a_teacher_of_smaller_images_is_in_pixels_of_the_larger(int factor)
    {
        const int Size = 32;
        Recipe recipe = TinyRun.Recipe();
        using var phi = NetworkKinds.Encoder(recipe, TinyRun.Puppets.Skeleton);
        using var eta = new KeypointRegressor(TinyRun.Puppets.Skeleton.Count, recipe.Networks.RegressorWidth);
        using var teacher = new PoseDetector(phi, eta);
        teacher.eval();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor small = rand([2, 3, Size, Size], device: CPU) * 2 - 1;
        Tensor large = small.repeat_interleave(factor, 2).repeat_interleave(factor, 3);

        Vector2[][] seen = PointTensors.ToPixels(teacher.call(small).Keypoints, Size, Size);
        Vector2[][] placed = PointTensors.ToPixels(
            ArticulatedDetector.Place(teacher, Size, large).Keypoints, factor * Size, factor * Size);

        // Pixel u of the small image is the pixels f·u … f·u + f − 1 of the large one.
        foreach ((Vector2 inSmall, Vector2 inLarge) in seen.SelectMany(pose => pose).Zip(placed.SelectMany(pose => pose)))
            Assert.IsLessThan(1e-3f, Vector2.Distance((factor * inSmall) + new Vector2((factor - 1) / 2f), inLarge));
    }
}
