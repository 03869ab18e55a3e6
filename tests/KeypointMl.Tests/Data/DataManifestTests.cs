using KeypointMl.Data.Manifests;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class DataManifestTests
{
    private const string Yaml = """
        name: test
        description: Things.
        terms: None.
        obtain: Nowhere.
        files:
          - { path: list.csv, size: 6, sha256: 7b502c3a1f48c8609ae212cdfb639dee39673f5e }
        reader:
          kind: image-list
          images: frames
        splits:
          train: { list: list.csv }
        prior: { poses: prior.csv, width: 128, height: 128 }
        skeleton:
          name: three
          keypoints: [left, right, nose]
          edges: [[[left, right], nose]]
          paths: [[left, nose, right]]
          symmetric: [[left, right]]
          groups: { eyes: [left, right] }
        metrics:
          description: test
          normalize_by: [left, right]
        """;

    private static readonly string Valid = Yaml.Replace("7b502c3a1f48c8609ae212cdfb639dee39673f5e", new string('a', 64));

    [TestMethod]
    public void Load_reads_every_part()
    {
        using var folder = new TemporaryFolder();

        DataManifest manifest = DataManifest.Load(folder.Write("m.yaml", Valid));

        Assert.AreEqual("test", manifest.Name);
        Assert.AreEqual(new ManifestFile("list.csv", 6, new string('a', 64), null), manifest.Files[0]);
        Assert.AreEqual(
            new Skeleton("three", ["left", "right", "nose"],
                [new SkeletonEdge([0, 1], [2]), new SkeletonEdge(0, 2), new SkeletonEdge(2, 1)], [(0, 1)],
                    [new KeypointGroup("eyes", [0, 1])]),
            manifest.Skeleton);
        Assert.AreEqual((0, 1), manifest.Protocol.NormalizingKeypoints);
        Assert.AreEqual(new PriorFile("prior.csv", 128, 128), manifest.Prior);
    }

    [TestMethod]
    public void Load_reads_the_keypoints_and_the_unit_of_a_protocol()
    {
        using var folder = new TemporaryFolder();

        MetricProtocol protocol =
            DataManifest.Load(folder.Write("m.yaml", Valid + "\n  score_only: [right, nose]\n  unit: span\n")).Protocol;

        CollectionAssert.AreEqual(new[] { 1, 2 }, protocol.ScoredKeypoints!.ToArray());
        Assert.AreEqual(ImageUnit.Span, protocol.Unit);
        Assert.IsNull(DataManifest.Load(folder.Write("m.yaml", Valid)).Protocol.ScoredKeypoints);
    }

    [TestMethod]
    [DataRow("name: test", "nam: test", "m.yaml:1:1: lacks the key 'name'")]
    [DataRow("terms: None.", "terms: None.\nlicence: MIT", "m.yaml:4:1: unknown key 'licence'")]
    [DataRow("kind: image-list", "kind: image-lst",
        "m.yaml:8:9: 'reader.kind' is 'image-lst'; expected one of video-boxes, image-boxes, image-list,")]
    [DataRow("images: frames", "images: frames\n  boxes: b.csv", "m.yaml:10:3: unknown key 'boxes' in 'reader'")]
    [DataRow("{ list: list.csv }", "{ lst: list.csv }", "m.yaml:11:10: 'splits.train' lacks the key 'list'")]
    [DataRow("{ list: list.csv }", "{ list: list.csv, labls: x }", "unknown key 'labls' in 'splits.train'; the keys are list, labels.")]
    [DataRow("width: 128", "width: 0", "'prior.width' is '0'; expected a whole number of at least 1.")]
    [DataRow("paths: [[left, nose, right]]", "paths: [[left, tail]]",
        "m.yaml:17:18: 'skeleton.paths[0][1]' is 'tail'; expected a keypoint of skeleton 'three': left, right, nose.")]
    [DataRow("symmetric: [[left, right]]", "symmetric: [[left, right, nose]]", "expected a list of two")]
    [DataRow("symmetric: [[left, right]]", "symmetric: [[left, left]]", "m.yaml:14:3: Skeleton 'three': keypoint 'left'")]
    [DataRow("normalize_by: [left, right]", "normalize_by: [left, left]", "expected two different keypoints")]
    [DataRow("description: test", "description: test\n  score_only: [nose, nose]", "expected keypoints of the skeleton, each once")]
    [DataRow("description: test", "description: test\n  unit: metre", "'metrics.unit' is 'metre'; expected 'size'")]
    [DataRow("keypoints: [left, right, nose]", "keypoints: [left, right, left, nose]",
        "m.yaml:14:3: Skeleton 'three' names keypoint 'left' twice.")]
    [DataRow("size: 6", "size: -6", "'files[0].size' is '-6'")]
    [DataRow("size: 6, sha256", "count: 6, min_count: 6, sha256", "a folder (with 'count') has neither 'size' nor 'sha256'")]
    [DataRow("keypoints: [left, right, nose]", "keypoints: [left, right, nose]\n  from: x", "m.yaml:16:3: unknown key 'from' in 'skeleton'")]
    [DataRow("size: 6", "count: 6", "a folder (with 'count') has neither 'size' nor 'sha256'")]
    public void Bad_manifest_is_refused_with_file_line_and_key(string good, string bad, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(good, Valid);
        string path = folder.Write("m.yaml", Valid.Replace(good, bad));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => DataManifest.Load(path));

        Assert.Contains(expected, error.Message);
    }

    [TestMethod]
    public void All_mistakes_of_a_manifest_are_listed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("m.yaml", Valid.Replace("terms: None.", "trems: None.").Replace("kind: image-list", "kind: image-lst")
            .Replace("[left, nose, right]", "[left, nsoe, right]").Replace("width: 128", "width: 0").Replace("size: 6", "size: -6"));

        Assert.AreEqual(
            $"""
            {path} has 6 problems:
              {path}:1:1: lacks the key 'terms'.
              {path}:3:1: unknown key 'trems'; the keys are name, description, terms, citation, obtain, root, files, reader, splits, skeleton, metrics, prior. Did you mean 'terms'?
              {path}:6:29: 'files[0].size' is '-6'; expected a whole number of at least 0.
              {path}:8:9: 'reader.kind' is 'image-lst'; expected one of {Kinds(path)}. Did you mean 'image-list'?
              {path}:12:35: 'prior.width' is '0'; expected a whole number of at least 1.
              {path}:17:18: 'skeleton.paths[0][1]' is 'nsoe'; expected a keypoint of skeleton 'three': left, right, nose. Did you mean 'nose'?
            """.ReplaceLineEndings("\n"),
            Assert.ThrowsExactly<InvalidDataException>(() => DataManifest.Load(path)).Message);
    }

    // Other tests register readers.
    private static string Kinds(string manifest)
    {
        string message = Assert.ThrowsExactly<InvalidDataException>(() => DataManifest.Load(manifest)).Message;
        return message.Split("expected one of ")[1].Split(". Did")[0];
    }

    [TestMethod]
    public void All_mistakes_of_a_skeleton_are_listed_with_those_of_the_manifest_that_names_it()
    {
        using var folder = new TemporaryFolder();
        string skeleton = folder.Write("skeletons/fly.yaml", "name: fly\nkeypoints: [head, tail]\nedges: [[head, tial], [head]]\nedgs: []\n");
        string inline = Valid[Valid.IndexOf("skeleton:", StringComparison.Ordinal)..Valid.IndexOf("metrics:", StringComparison.Ordinal)];
        string manifest = folder.Write("m.yaml", Valid.Replace(inline, "skeleton: fly\n").Replace("width: 128", "width: 0"));
        string problems = $"""
            {skeleton} has 3 problems:
              {skeleton}:3:16: 'edges[0][1]' is 'tial'; expected a keypoint of skeleton 'fly': head, tail. Did you mean 'tail'?
              {skeleton}:3:23: 'edges[1]' is a list; expected a list of two.
              {skeleton}:4:1: unknown key 'edgs'; the keys are name, keypoints, edges, paths, symmetric, groups. Did you mean 'edges'?
            """.ReplaceLineEndings("\n");

        Assert.AreEqual(problems, Assert.ThrowsExactly<InvalidDataException>(() => SkeletonYaml.Load(skeleton)).Message);
        string message = Assert.ThrowsExactly<InvalidDataException>(() => DataManifest.Load(manifest)).Message;
        Assert.Contains($"{manifest} has 2 problems:", message);
        Assert.Contains("'prior.width' is '0'", message);
        Assert.Contains(problems, message);
    }

    [TestMethod]
    public void Skeleton_may_be_the_name_of_a_shared_one()
    {
        using var folder = new TemporaryFolder();
        string inline = Valid[Valid.IndexOf("skeleton:", StringComparison.Ordinal)..Valid.IndexOf("metrics:", StringComparison.Ordinal)];
        folder.Write("skeletons/three.yaml",
            string.Join('\n', inline.Split('\n').Skip(1).Select(line => line.Length > 2 ? line[2..] : "")));
        string shared = folder.Write("shared.yaml", Valid.Replace(inline, "skeleton: three\n"));
        string unknown = folder.Write("unknown.yaml", Valid.Replace(inline, "skeleton: four\n"));

        Assert.AreEqual(DataManifest.Load(folder.Write("inline.yaml", Valid)).Skeleton, DataManifest.Load(shared).Skeleton);
        Assert.Contains("'skeleton' is 'four'; expected a skeleton, or the name of one; there is no file",
            Assert.ThrowsExactly<InvalidDataException>(() => DataManifest.Load(unknown)).Message);
    }

    [TestMethod]
    public void Short_hash_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("m.yaml", Yaml);

        var error = Assert.ThrowsExactly<InvalidDataException>(() => DataManifest.Load(path));

        Assert.Contains("expected 64 lower-case hexadecimal digits", error.Message);
    }

    [TestMethod]
    public void Check_tells_missing_wrong_size_and_wrong_content_apart()
    {
        using var folder = new TemporaryFolder();
        string sha = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("frame\n"u8));
        string files = $$"""
            files:
              - { path: good.csv, size: 6, sha256: {{sha}} }
              - { path: missing.csv }
              - { path: long.csv, size: 6 }
              - { path: other.csv, size: 6, sha256: {{sha}} }
              - { path: frames, count: 2, pattern: "*.jpg" }
              - { path: few, count: 2, pattern: "*.jpg" }
              - { path: frames, min_count: 1, pattern: "*.jpg" }
              - { path: few, min_count: 2, pattern: "*.jpg" }
            """;
        string path = folder.Write(
            "m.yaml", Valid.Replace($$"""files:{{'\n'}}  - { path: list.csv, size: 6, sha256: {{new string('a', 64)}} }""", files));
        folder.Write("good.csv", "frame\n");
        folder.Write("long.csv", "frame \n");
        folder.Write("other.csv", "other\n");
        folder.Write("frames/a/1.jpg", "");
        folder.Write("frames/b/1.jpg", "");
        folder.Write("few/1.jpg", "");

        IReadOnlyList<FileFinding> findings = DataManifest.Load(path).Check(folder.Path);

        CollectionAssert.AreEqual(
            new[] { FileStatus.Ok, FileStatus.Missing, FileStatus.WrongSize, FileStatus.WrongHash, FileStatus.Ok,
                FileStatus.WrongSize, FileStatus.Ok, FileStatus.WrongSize },
            findings.Select(finding => finding.Status).ToArray(), string.Join("\n", findings.Select(finding => finding.Message)));
        Assert.AreEqual("long.csv: 7 bytes; expected 6", findings[2].Message);
        Assert.AreEqual("few: 1 files *.jpg; expected 2 or more", findings[7].Message);
    }

    [TestMethod]
    public void Shipped_manifests_load_without_their_data()
    {
        foreach (string path in Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "data-manifests"), "*.yaml"))
        {
            DataManifest manifest = DataManifest.Load(path);

            Assert.AreEqual(Path.GetFileNameWithoutExtension(path), manifest.Name);
        }
        Assert.AreEqual(13, DataManifest.Load(RealData.Manifest("flies")).Skeleton.Count);
        Assert.AreEqual(17, DataManifest.Load(RealData.Manifest("human36m")).Skeleton.Count);
        Assert.AreEqual(68, DataManifest.Load(RealData.Manifest("faces")).Skeleton.Count);
    }

    [TestMethod]
    public void Data_root_that_is_no_folder_is_named()
    {
        var error = Assert.ThrowsExactly<DirectoryNotFoundException>(() => DataRoot.Resolve("/no/such/folder"));

        Assert.Contains("/no/such/folder", error.Message);
        Assert.Contains("--data-root", error.Message);
    }
}
