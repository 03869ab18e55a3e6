using System.Numerics;

namespace KeypointMl.Data;

/// <summary>Which axis of a motion source points up, and how its points are turned so that y does; no turn mirrors.</summary>
internal readonly record struct UpAxis(string Name)
{
    internal static UpAxis Parse(YamlValue? value, string otherwise) => new(value?.AsOneOf("y", "-y", "z", "-z") ?? otherwise);

    internal Vector3 ToYUp(Vector3 point) => Name switch
    {
        "y" => point,
        "-y" => new Vector3(point.X, -point.Y, -point.Z),
        "z" => new Vector3(point.X, point.Z, -point.Y),
        _ => new Vector3(point.X, -point.Z, point.Y),
    };
}
