namespace KeypointMl.Training;

/// <summary>What the supervised baseline trains.</summary>
public enum SupervisedDetector
{
    /// <summary><c>phi-eta</c>: the same Φ and η as KeypointGAN, on the labels' coordinates.</summary>
    PhiEta,

    /// <summary><c>hourglass</c>: a stacked hourglass on heat maps (Newell et al. 2016), the fully supervised row of the paper's tables 1 and 2.</summary>
    Hourglass,

    /// <summary><c>student</c>: the network of a distillation's student (<c>student.width</c>, <c>student.stride</c>), what a student's error is to be compared with.</summary>
    Student,
}
