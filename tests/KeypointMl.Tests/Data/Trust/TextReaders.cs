using System.Text;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Priors.Building;
using KeypointMl.Data.Readers;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data.Trust;

/// <summary>The readers of YAML, JSON, CSV and Parquet, with files like those that people have.</summary>
internal static class TextReaders
{
    private static readonly Skeleton Fly = new("fly", ["head", "left_wing", "right_wing"], [new(0, 1), new(0, 2)], [(1, 2)]);

    /// <summary>By name.</summary>
    public static FuzzedReader[] All { get; } =
    [
        FuzzedReader.Yaml("manifest", path => DataManifest.Load(path), Manifest),
        FuzzedReader.Yaml("skeleton", path => SkeletonYaml.Load(path), SkeletonText),
        FuzzedReader.Yaml("prior", path => PriorBuildRecipe.Load(path), Prior),
        new("coco", ".json", () => [Encoding.UTF8.GetBytes(Coco), Encoding.UTF8.GetBytes(CocoOfSeveral)], path => PoseFile.Read(path))
        {
            Words = Spoiling.JsonWords,
        },
        new("skeleton-json",
            ".json", () => [Encoding.UTF8.GetBytes(Fly.ToJson())], path =>
                Named.Read(path, () => Skeleton.FromJson(File.ReadAllText(path))))
        {
            Words = Spoiling.JsonWords,
        },
        FuzzedReader.Csv("poses", path => PoseFile.Read(path), Poses, ScoredPoses, DeepLabCut, LightningPose, EuropeanPoses),
        FuzzedReader.Csv("boxes", path => BoxesCsvReader.Read(path), Boxes),
        FuzzedReader.Csv("prior-poses", path => PriorCsvReader.Read(path, Fly, 64, 64), "id,x0,y0,x1,y1,x2,y2\n7,1,2,3.5,4,5,6e0\n8,1,2,3,4,5,6\n"),
        FuzzedReader.Csv("headerless", path => HeaderlessCsvPoses.Read(path, ["a", "b"]), "a.png,1,2,3,4\nb.png,5,6,-1,-1\n"),
    ];

    private const string SkeletonText = """
        name: fly
        keypoints: [head, left_wing, right_wing]
        edges: [[head, left_wing], [[left_wing, right_wing], head]]
        paths: [[left_wing, head, right_wing]]
        symmetric: [[left_wing, right_wing]]
        groups: { wings: [left_wing, right_wing] }
        """;

    private const string Manifest = """
        name: flies
        description: >
          Two flies, seen from above.
        terms: none
        citation: none
        obtain: |
          Film them.
        files:
          - { path: flies.mp4, size: 100, sha256: 44107745d80a675021f474366c4f78c09431c1318604a2a1be7868db15139c3b }
        reader:
          kind: pose-file
          root: flies # beside the labels
          crop: { size: 160, margin: 0.2 }
          min_score: 0.3
          category: fly
        splits:
          train: { poses: labels.json, frames: [0, 2399] }
          test: { poses: "labels.json", frames: [2400, 2999] }
        prior:
          poses: prior.csv
          width: 128
          height: 128
        skeleton:
          name: fly
          keypoints: [head, left_wing, right_wing]
        metrics:
          description: 'mean distance'
        """;

    private const string Prior = """
        name: upright
        skeleton:
          name: fly
          keypoints: [head, left_wing, right_wing]
        count: 100
        source: { kind: manifest, manifest: flies.yaml, split: prior }
        crop: { width: 128, height: 128, fill: [0.7, 0.85], shift: 0.03 }
        """;

    private const string Coco = """
        {
          "categories": [{ "id": 1, "name": "fly", "keypoints": ["head", "tail"], "skeleton": [[1, 2]] }, { "id": 2, "name": "food", "keypoints": [] }],
          "images": [{ "id": 1, "file_name": "a.png", "width": 64, "height": 48 }, { "id": 2, "file_name": "sub\\b.png", "frame": 3 }],
          "annotations": [
            { "id": 1, "image_id": 1, "category_id": 1, "keypoints": [1.5, 2.5, 2, 3, 4, 1], "bbox": [0, 0, 10, 10], "item": "left" },
            { "id": 2, "image_id": 2, "category_id": 1, "keypoints": [0, 0, 0, null, null, 0], "bbox": [3, 4, 5, 0], "track_id": 7, "confidence": [0.5, 1] },
            { "id": 3, "image_id": 2, "category_id": 2, "bbox": [3, 4, 5, 5] }
          ]
        }
        """;

    private const string CocoOfSeveral =
        """{"categories":[{"id":1,"name":"cat","keypoints":["head","tail"],"skeleton":[[0,1]]},{"id":2,"name":"dog","keypoints":["head","tail"]}],"images":[{"id":5,"file_name":"\u0041\ud83d\ude00.jpg"}],"annotations":[{"image_id":5,"category_id":2,"keypoints":[1,2,2,3,4,2]}]}""";

    private const string Poses =
        "source,frame,item,head_x,head_y,head_score,left_wing_x,left_wing_y,right_wing_x,right_wing_y\nv.mp4,0,a,1.5,2,0.9,3,4,5,6\n\"v,w.mp4\",1,\"b\"\"\",1.5,,0.9,3,4,5,6\n";

    private const string EuropeanPoses = "source;frame;head_x;head_y\nv.mp4;0;1,5;2\nv.mp4;1;1e1;2,25\n";

    private const string ScoredPoses =
        "source,frame,item,box.x,box.y,box.width,box.height,status,error,head.x,head.y,head.confidence\na.png,0,,1,2,3,4,ok,,5,6,0.5\nb.png,0,,,,,,failed,\"cut\nshort\",,,\n";

    private const string DeepLabCut =
        "scorer,net,net,net,net,net,net\nindividuals,a,a,a,b,b,b\nbodyparts,nose,nose,nose,nose,nose,nose\ncoords,x,y,likelihood,x,y,likelihood\n0,1,2,0.5,3,4,0.6\n1,1.5,2,0.5,,,\n";

    private const string LightningPose =
        "scorer,net,net,net,net,set\nbodyparts,nose,nose,nose,nose,\ncoords,x,y,likelihood,x_ens_median,\nlabeled-data/v/img1.png,1,2,0.5,1.1,train\n";

    private const string Boxes = "frame,track,x,y,width,height,source\n0,a,1,2,3,4,v.mp4\n1,a,1.5,2,3,4,v.mp4\n0,b,9,9,3,4,\"w,x.mp4\"\n";
}
