using System.CommandLine;
using KeypointMl.Cli.Running;
using KeypointMl.Training.Distillation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;

namespace KeypointMl.Cli.Commands;

/// <summary><c>distill --run RUN --out RUN2 [--set k=v]… [--device D] [--resume]</c></summary>
internal static class DistillCommand
{
    public static Command Create(CommandContext context)
    {
        var run = new Option<string>("--run")
        {
            Description = "The trained run: its recipe's articulation and student are followed.",
            Required = true,
            HelpName = "RUN",
        };
        var output = new Option<string>("--out")
        {
            Description = "The folder of the student's run: new or empty, unless --resume.",
            Required = true,
            HelpName = "RUN2",
        };
        var set = new Option<string[]>("--set")
        {
            Description = "Gives one of the recipe's keys another value; may stand several times.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var resume = new Option<bool>("--resume") { Description = "Goes on with the run in --out from its newest checkpoint." };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "With --resume: the checkpoint to go on from instead of the newest, by its name in RUN2/checkpoints.",
            HelpName = "NAME",
        };
        Option<string?> device = CommandContext.Device("by default what the recipe says (training.device)");
        var command = new Command("distill", "Articulates what a run has learnt, and teaches it to one small network.") { run, output,
            set, resume, checkpoint, device, context.DataRoot, context.Threads };
        command.Validators.Add(TrainCommand.CheckpointNeedsResume(checkpoint, resume));
        command.SetAction((parsed, cancellation) =>
        {
            string source = parsed.GetRequiredValue(run);
            string[] overrides = parsed.GetRequiredValue(set);
            Recipe recipe;
            using (RunFolder origin = RunFolder.Open(source))
            {
                recipe = DistillationRun.RecipeOf(origin, overrides);
                Unfinished.Note(origin, context);
            }
            var request = new TrainCommand.Request(
                ["distill", "--run", source], parsed.GetRequiredValue(output), overrides, parsed.GetValue(resume),
                    parsed.GetValue(checkpoint),
                parsed.GetValue(device), parsed.GetValue(context.DataRoot), parsed.GetValue(context.Threads));
            return Task.FromResult(TrainCommand.Run(recipe, request, context, cancellation));
        });
        return command;
    }
}
