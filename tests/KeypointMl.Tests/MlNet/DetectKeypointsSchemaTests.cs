using KeypointMl.Detection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>What the columns of keypoints say of themselves: to a reader, to a chain, and to the transforms after them.</summary>
[TestClass]
public sealed class DetectKeypointsSchemaTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Schema_has_types_slot_names_and_the_skeleton()
    {
        IDataView data = TestData.Images(ml, 1);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data);
        DataViewSchema schema = transformer.Transform(data).Schema;
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 6), schema["Keypoints"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Confidence"].Type);
        CollectionAssert.AreEqual(new[] { "red.x", "red.y", "green.x", "green.y", "blue.x", "blue.y" }, SlotNames(schema["Keypoints"]));
        CollectionAssert.AreEqual(new[] { "red", "green", "blue" }, SlotNames(schema["Confidence"]));
        Assert.AreEqual(TestModels.Skeleton, transformer.Skeleton);
        Assert.AreEqual("""{"recipe":"test"}""", transformer.Metadata.Provenance);
    }

    [TestMethod]
    public void Estimator_describes_its_output_to_a_chain()
    {
        IDataView data = TestData.Images(ml, 1);
        KeypointDetectingEstimator estimator = ml.Transforms.DetectKeypoints("Keypoints", "Image", TestModels.Detector(), TestData.Options);
        SchemaShape shape = estimator.GetOutputSchema(TestSchemas.ShapeOf(data.Schema));
        SchemaShape.Column keypoints = shape.Single(column => column.Name == "Keypoints");
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, keypoints.Kind);
        Assert.AreEqual(NumberDataViewType.Single, keypoints.ItemType);
        Assert.Contains("SlotNames", keypoints.Annotations.Select(annotation => annotation.Name));
    }

    [TestMethod]
    public void Chain_of_later_transforms_uses_the_keypoints()
    {
        IDataView data = TestData.Images(ml, 6);
        ITransformer chain = ml.Transforms.DetectKeypoints("Keypoints", "Image", TestModels.Detector(), TestData.Options)
            .Append(ml.Transforms.Concatenate("Features", "Keypoints", "Confidence"))
            .Fit(data);
        IDataView output = chain.Transform(data);
        CollectionAssert.AreEqual(new[] { "Keypoints.red.x", "Keypoints.red.y" }, SlotNames(output.Schema["Features"])[..2]);
        using var text = new MemoryStream();
        ml.Data.SaveAsText(ml.Transforms.SelectColumns("Keypoints").Fit(output).Transform(output), text, headerRow: true, schema: false);
        StringAssert.Contains(System.Text.Encoding.UTF8.GetString(text.ToArray()), "green.x");
        (chain as IDisposable)?.Dispose();
    }

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
