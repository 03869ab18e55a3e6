using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Tests;

[TestClass]
public sealed class SkeletonJsonTests
{
    private const string Json =
        """{"name":"fly","keypoints":["head","wingL","wingR","tail"],"edges":[[0,1],[[1,2],3]],"symmetric":[[1,2]],"groups":{"wings":[1,2]}}""";

    [TestMethod]
    public void FromJson_of_ToJson_gives_the_same_skeleton_and_text()
    {
        Skeleton skeleton = Skeleton.FromJson(Json);

        Assert.AreEqual(Json, skeleton.ToJson());
        Assert.AreEqual(skeleton, Skeleton.FromJson(skeleton.ToJson()));
        Assert.AreEqual(new SkeletonEdge([1, 2], [3]), skeleton.Edges[1]);
        CollectionAssert.AreEqual(new[] { 0, 2, 1, 3 }, skeleton.FlipPermutation());
    }

    [TestMethod]
    public void FromJson_without_optional_parts_gives_empty_ones()
    {
        Skeleton skeleton = Skeleton.FromJson("""{"name":"p","keypoints":["ä"]}""");

        Assert.IsEmpty(skeleton.Edges);
        Assert.IsEmpty(skeleton.Groups);
        Assert.Contains("ä", skeleton.ToJson());
    }

    [TestMethod]
    [DataRow("", "not JSON")]
    [DataRow("[]", "an object")]
    [DataRow("""{"keypoints":["a"]}""", "'name' is missing")]
    [DataRow("""{"name":"p"}""", "'keypoints' is missing")]
    [DataRow("""{"name":"p","keypoints":["a","a"]}""", "'a' twice")]
    [DataRow("""{"name":"p","keypoints":["a",1]}""", "keypoints[1]")]
    [DataRow("""{"name":"p","keypoints":["a"],"groups":{"legs":[0],"legs":[0]}}""", "'legs' twice")]
    [DataRow("""{"name":"p","keypoints":["a"],"groups":{"":[0]}}""", "a group without a name")]
    [DataRow("""{"name":"p","name":"q","keypoints":["a"]}""", "stands twice")]
    [DataRow("""{"name":"p","keypoints":["a"],"edgs":[]}""", "unknown key 'edgs'")]
    [DataRow("""{"name":"p","keypoints":["a"],"edges":[[0]]}""", "edges[0]")]
    [DataRow("""{"name":"p","keypoints":["a"],"edges":[[0,1.5]]}""", "expected a keypoint index")]
    [DataRow("""{"name":"p","keypoints":["a"],"edges":[[0,7]]}""", "indices are 0 to 0")]
    [DataRow("""{"name":"p","keypoints":["a"],"edges":[[0,[]]]}""", "empty end")]
    [DataRow("""{"name":"p","keypoints":["a","b"],"symmetric":[[0,1,1]]}""", "a pair has 2")]
    [DataRow("""{"name":"p","keypoints":["a"],"groups":[[0]]}""", "'groups' is a JSON array")]
    [DataRow("""{"name":"\ud800","keypoints":["a"]}""", "'name' is no valid Unicode")]
    [DataRow("""{"name":"p","keypoints":["a","\udc00b"]}""", "'keypoints[1]' is no valid Unicode")]
    [DataRow("""{"name":"p","\ud800":["a"]}""", "a key is no valid Unicode")]
    [DataRow("""{"name":"p","keypoints":["a"],"groups":{"\ud800":[0]}}""", "a key is no valid Unicode")]
    [DataRow("\uD800", "not JSON")]
    [DataRow("[]", "the skeleton is a JSON array; expected an object")]
    [DataRow("""{"name":3,"keypoints":["a"]}""", "'name' is a JSON number; expected a string")]
    [DataRow("""{"name":"p","keypoints":"a"}""", "'keypoints' is a JSON string; expected a list")]
    [DataRow("""{"name":"p","keypoints":["a"],"edges":3}""", "'edges' is a JSON number; expected a list")]
    [DataRow("""{"name":"p","keypoints":["a"],"symmetric":{}}""", "'symmetric' is a JSON object; expected a list")]
    [DataRow("""{"name":"p","keypoints":["a","b"],"symmetric":[[0,1],[0]]}""", "'symmetric[1]' has 1 indices")]
    [DataRow("""{"name":"p","keypoints":["a"],"groups":[]}""", "expected an object of lists of indices")]
    [DataRow("""{"name":"p","keypoints":["a"],"groups":{"legs":["x"]}}""", "'groups.legs' holds \"x\"; expected a keypoint index")]
    [DataRow("""{"name":"p","keypoints":["a"],"groups":{"g":["234567890123456789012345678901234567890"]}}""",
        "holds \"234567890123456789012345678901234567890…; expected")]
    [DataRow("""{"name":"p","keypoints":["a"],"groups":{"g":["34567890123456789012345678901234567890"]}}""",
        "holds \"34567890123456789012345678901234567890\"; expected")]
    public void FromJson_of_something_else_names_what_is_wrong(string json, string expected)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Skeleton.FromJson(json));

        Assert.Contains(expected, error.Message);
    }
}
