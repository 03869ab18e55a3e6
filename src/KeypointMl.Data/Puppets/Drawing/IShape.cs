using System.Numerics;

namespace KeypointMl.Data.Puppets.Drawing;

/// <summary>Something a <see cref="Canvas"/> can draw: an outline as a signed distance, and a colour for every point in it. Lengths in pixels.</summary>
internal interface IShape
{
    /// <summary>The smallest x and y of the outline.</summary>
    Vector2 Low { get; }

    /// <summary>The largest x and y of the outline.</summary>
    Vector2 High { get; }

    /// <summary>Width of the transition from inside to outside; 1 is an antialiased sharp edge.</summary>
    float Softness { get; }

    /// <summary>Distance to the outline, negative inside.</summary>
    float SignedDistance(Vector2 point);

    /// <summary>The colour (RGB in [0,1]) and its opacity.</summary>
    Vector4 Colour(Vector2 point);
}
