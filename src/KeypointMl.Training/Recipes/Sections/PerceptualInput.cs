namespace KeypointMl.Training;

/// <summary>The images that a pretrained network was trained on.</summary>
public enum PerceptualInput
{
    /// <summary><c>centred</c>: RGB from 0 to 255, less (123.68, 116.779, 103.939).</summary>
    Centred,

    /// <summary><c>standardised</c>: the same, divided by 255·(0.229, 0.224, 0.225), as torchvision's networks expect it.</summary>
    Standardised,
}
