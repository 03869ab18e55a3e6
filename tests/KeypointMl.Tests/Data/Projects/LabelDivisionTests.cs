using KeypointMl.Data.Projects;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class LabelDivisionTests
{
    [TestMethod]
    public void Few_videos_give_the_end_of_each_and_animals_of_one_frame_stay_together()
    {
        ProjectLabel[] labels =
        [
            .. from video in new[] { "a.mp4", "b.mp4" }
               from frame in Enumerable.Range(0, 10)
               from animal in new[] { "0", "1" }
               select new ProjectLabel($"{video},{frame},{animal}", video, 100 - frame, "", []),
        ];

        (ProjectLabel[] train, ProjectLabel[] test) = LabelDivision.Divide(labels, "labels.csv");

        CollectionAssert.AreEquivalent(labels.Where(label => label.Frame >= 99).ToArray(), test);
        Assert.HasCount(labels.Length - test.Length, train);
        Assert.IsEmpty(train.Intersect(test));
    }

    [TestMethod]
    public void Many_videos_or_single_images_are_kept_back_whole()
    {
        ProjectLabel[] labels = [.. Enumerable.Range(0, 22).Select(i => new ProjectLabel($"{i}", $"{i / 2:00}.mp4", i, "", []))];
        ProjectLabel[] images = [.. Enumerable.Range(0, 6).Select(i => new ProjectLabel($"{i}", $"{i}.png", 0, $"{i}.png", []))];

        CollectionAssert.AreEqual(new[] { "8", "9", "18", "19" },
            LabelDivision.Divide(labels, "").Test.Select(label => label.Key).ToArray());
        ProjectLabel[] uneven =
        [
            .. Enumerable.Range(0, 401).Select(i => new ProjectLabel($"{i}", $"{i / 100}.mp4", i % 100, "", [])),
        ];
        Assert.HasCount(80, LabelDivision.Divide(uneven, "").Test); // the end of each: the fifth video alone has one frame
        CollectionAssert.AreEqual(new[] { "4" }, LabelDivision.Divide(images, "").Test.Select(label => label.Key).ToArray());
    }

    [TestMethod]
    public void End_of_a_folder_of_frames_is_by_their_numbers()
    {
        ProjectLabel[] labels = [.. Enumerable.Range(0, 20).Select(i => new ProjectLabel($"{i}", "v", 0, $"v/img{i}.png", []))];

        CollectionAssert.AreEqual(new[] { "16", "17", "18", "19" },
            LabelDivision.Divide(labels, "").Test.Select(label => label.Key).ToArray());
    }

    [TestMethod]
    public void Fewer_than_five_frames_are_refused_and_every_division_leaves_both_parts()
    {
        ProjectLabel[] Of(params int[] framesOf) =>
        [
            .. framesOf.Index().SelectMany(video => Enumerable.Range(0, video.Item)
                .Select(frame => new ProjectLabel($"{video.Index},{frame}", $"{video.Index}", frame, "", []))),
        ];

        Assert.Contains("at least 5 are needed",
            Assert.ThrowsExactly<InvalidDataException>(() => LabelDivision.Divide(Of(4), "labels.csv")).Message);
        foreach (int[] framesOf in new int[][] { [5], [1, 4], [4, 1], [2, 2, 1], [1, 1, 1, 2], [1, 1, 1, 1, 1], [300] })
        {
            (ProjectLabel[] train, ProjectLabel[] test) = LabelDivision.Divide(Of(framesOf), "labels.csv");
            Assert.IsNotEmpty(train, string.Join(' ', framesOf));
            Assert.IsNotEmpty(test, string.Join(' ', framesOf));
        }
    }
}
