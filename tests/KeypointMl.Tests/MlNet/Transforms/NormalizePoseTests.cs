using System.Numerics;
using KeypointMl.Keypoints;
using KeypointMl.Normalization;
using KeypointMl.Poses.Geometry;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class NormalizePoseTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Rows_are_normalised_and_keep_slot_names_skeleton_and_confidences()
    {
        IDataView data = TestData.Images(ml, 5);
        ITransformer chain = ml.Transforms.DetectKeypoints("Keypoints", "Image", TestModels.Detector(), TestData.Options with
        {
            InterleaveConfidence = true,
        })
            .Append(ml.Transforms.NormalizePose("Shape"))
            .Append(ml.Transforms.NormalizePose("Keypoints", normalization: new()
            {
                Origin = PoseOrigin.Keypoints,
                OriginKeypoints = ["red"],
                Unit = PoseUnit.Unchanged,
            }))
            .Fit(data);
        IDataView output = chain.Transform(data);

        float[][] shapes = [.. output.GetColumn<float[]>("Shape")];
        float[][] keypoints = [.. output.GetColumn<float[]>("Keypoints")];

        var slots = default(VBuffer<ReadOnlyMemory<char>>);
        output.Schema["Shape"].GetSlotNames(ref slots);
        Assert.AreEqual("red.x red.y red.confidence green.x", string.Join(' ', slots.DenseValues().Take(4)));
        Assert.AreEqual(TestModels.Skeleton, KeypointAnnotations.Read(output.Schema["Shape"]));
        for (int i = 0; i < 5; i++)
        {
            Vector2[] expected = TestImages.Dots(i);
            new PoseNormalizer(TestModels.Skeleton, PoseNormalization.Default).Normalize(expected);
            for (int k = 0; k < 3; k++)
            {
                // keypoints exact to 1e-4 px
                Assert.AreEqual(0, Vector2.Distance(expected[k], new(shapes[i][3 * k], shapes[i][3 * k + 1])), 1e-4f);
                Assert.AreEqual(1f / (TestModels.Width * TestModels.Height), shapes[i][3 * k + 2]);
            }
            Assert.AreEqual((0f, 0f), (keypoints[i][0], keypoints[i][1]), "the column in the place of the detected one");
        }
        (chain as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Missing_skeleton_and_unknown_names_are_refused()
    {
        IDataView data = Pictures.Rows(ml, 1);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.NormalizePose("Shape").Fit(data)).Message,
            "does not say what its keypoints are");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ml.Transforms.NormalizePose("Shape", normalization: new()
            {
                UprightFrom = "red",
                UprightTo = "nose",
            }, skeleton: TestModels.Skeleton).Fit(data)).Message,
            "has no keypoint 'nose'");
    }

    [TestMethod]
    public void Row_of_another_length_is_named()
    {
        IDataView data = ml.Data.LoadFromEnumerable([new EvaluationRow
        {
            Keypoints = [1, 2, 3, 4, 5, 6],
        }, new EvaluationRow { Keypoints = [1, 2, 3, 4] }]);
        IDataView output = ml.Transforms.NormalizePose("Shape", skeleton: TestModels.Skeleton).Fit(data).Transform(data);
        StringAssert.Contains(
            Assert.Throws<InvalidDataException>(() => output.GetColumn<float[]>("Shape").ToArray()).Message,
            "Row 1 (counted from 0): column 'Keypoints' holds 4 floats; 3 keypoints make 6");
    }

    [TestMethod]
    public void Trainer_behind_poses_of_unknown_length_fits()
    {
        IDataView data = ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, 20).Select(i => new EvaluationRow
        {
            Keypoints = TestImages.Flatten(TestImages.Dots(i)),
        })]);
        PoseNormalizingEstimator normalize = ml.Transforms.NormalizePose("Shape", skeleton: TestModels.Skeleton);

        IDataView grouped = normalize.Append(ml.Clustering.Trainers.KMeans("Shape", numberOfClusters: 2)).Fit(data).Transform(data);

        Assert.HasCount(20, grouped.GetColumn<uint>("PredictedLabel").ToArray());
        SchemaShape.Column told = normalize.GetOutputSchema(TestSchemas.ShapeOf(data.Schema)).Single(column => column.Name == "Shape");
        SchemaShape.Column given = TestSchemas.ShapeOf(normalize.Fit(data).GetOutputSchema(data.Schema))
            .Single(column => column.Name == "Shape");
        Assert.AreEqual((given.Kind, given.ItemType, given.IsKey), (told.Kind, told.ItemType, told.IsKey));
        CollectionAssert.AreEquivalent(Names(given), Names(told));

        static (string, SchemaShape.Column.VectorKind)[] Names(SchemaShape.Column column) =>
            [.. column.Annotations.Select(annotation => (annotation.Name, annotation.Kind))];
    }
}
