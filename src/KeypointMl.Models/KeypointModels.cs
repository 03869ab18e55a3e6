namespace KeypointMl.Models;

/// <summary>
/// The trained models that this application has packages of: <c>KeypointModels.Flies</c> is there with
/// <c>KeypointMl.Models.Flies</c>.
/// </summary>
public sealed class KeypointModels
{
    private KeypointModels()
    {
    }
}
