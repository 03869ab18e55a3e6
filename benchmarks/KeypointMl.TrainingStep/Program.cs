using System.CommandLine;
using KeypointMl.TrainingStep;

var recipe = new Option<string>("--recipe")
{
    Description = "The recipe to train.",
    HelpName = "FILE",
    DefaultValueFactory = _ => "pipelines/train/puppets.yaml",
};
var set = new Option<string[]>("--set")
{
    Description = "Changes a value of the recipe; may be repeated.",
    HelpName = "KEY=VALUE",
    DefaultValueFactory = _ => [],
};
var phase = new Option<string>("--phase")
{
    Description = "Which steps: the joint training, or the pre-training of η.",
    DefaultValueFactory = _ => "training",
};
phase.AcceptOnlyFromAmong("training", "pretraining");
var threads = new Option<int>("--threads") { Description = "How many threads libtorch computes with; 0: its own choice.", HelpName = "N" };
var steps = new Option<int>("--steps") { Description = "How many steps are timed.", HelpName = "N", DefaultValueFactory = _ => 30 };
var warmup = new Option<int>("--warmup") { Description = "How many steps go before them.", HelpName = "N", DefaultValueFactory = _ => 10 };
var json = new Option<bool>("--json") { Description = "Print one line of JSON." };
var root = new RootCommand("Times training steps as the Trainer makes them, the loading of frames included.") { recipe, set, phase,
    threads, steps, warmup, json };
root.SetAction(parsed =>
{
    if (parsed.GetValue(threads) is > 0 and int count)
        TorchSharp.torch.set_num_threads(count);
    TrainingPhase wanted = parsed.GetValue(phase) == "training" ? TrainingPhase.Training : TrainingPhase.RegressorPretraining;
    StepTimes times = TimedRun.Measure(
        parsed.GetRequiredValue(recipe), parsed.GetRequiredValue(set), wanted, parsed.GetValue(warmup), parsed.GetValue(steps));
    Console.WriteLine(parsed.GetValue(json) ? times.ToJson() : times.ToText());
});
return root.Parse(args).Invoke();
