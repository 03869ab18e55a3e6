using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Previews;
using KeypointMl.Data.Priors;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class ContactSheetTests
{
    [TestMethod]
    public void Sheet_of_puppets_has_the_size_of_its_grid_and_shows_frames_and_poses()
    {
        var manifest = DataManifest.Load(RealData.Manifest("puppets"), new Dictionary<string, string>
        {
            ["training_videos"] = "2",
            ["test_videos"] = "2",
            ["prior_videos"] = "4",
        });
        IDataset puppets = manifest.Open(new DatasetOptions { Width = 32, Height = 32 });

        RgbImage sheet = ContactSheet.Draw(puppets, new ContactSheetOptions { Columns = 3, Rows = 1, Zoom = 2 });

        Assert.AreEqual((3 * 68 + 4, 3 * 68 + 4), (sheet.Width, sheet.Height));
        Assert.IsGreaterThan(500, sheet.Pixels.Distinct().Count() * 10);
    }

    [TestMethod]
    [TestCategory("RealData")]
    [DataRow("flies", 180f)]
    [DataRow("faces", 0f)]
    public void Sheet_of_real_data_can_be_drawn(string name, float rotation)
    {
        string root = RealData.RequireRoot(name);
        RealData.RequireFfmpeg();
        IDataset dataset = DataManifest.Load(RealData.Manifest(name)).Open(new DatasetOptions
        {
            DataRoot = root,
            Width = 128,
            Height = 128,
        });

        RgbImage sheet = ContactSheet.Draw(dataset, new ContactSheetOptions
        {
            Augmentation = new PoseAugmentation { RotationDegrees = rotation },
        });

        Assert.AreEqual(8 * 260 + 4, sheet.Width);
        if (Environment.GetEnvironmentVariable("KEYPOINTML_TEST_OUTPUT") is string folder)
            ImageWriter.Write(sheet, Path.Combine(folder, $"{name}.png"));
    }
}
