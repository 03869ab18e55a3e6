using KeypointMl.Data.Frames;

namespace KeypointMl.Data.Puppets.Motion;

/// <summary>What a puppet does in its video. The lower-case name is the <see cref="Clip.Group"/> that metrics are grouped by.</summary>
public enum PuppetAction
{
    /// <summary>Walks or marches, up to 50° off the camera's axis.</summary>
    Walk,

    /// <summary>Waves with one arm or both.</summary>
    Wave,

    /// <summary>Reaches for things high, low and sideways.</summary>
    Reach,

    /// <summary>Squats, narrow or wide.</summary>
    Squat,

    /// <summary>Leans sideways or bows.</summary>
    Lean,

    /// <summary>Does jumping jacks.</summary>
    Jump,

    /// <summary>Turns to and fro (or all the way round, see <see cref="PuppetOptions.FullTurn"/>).</summary>
    Turn,

    /// <summary>Kicks or lifts one leg.</summary>
    Kick,

    /// <summary>Dances: everything moves.</summary>
    Dance,
}
