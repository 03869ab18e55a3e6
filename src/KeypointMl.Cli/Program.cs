using System.Text;
using KeypointMl.Cli;
using KeypointMl.Cli.Running;

// What is printed is read by programs as UTF-8, whatever the console's own encoding; without a byte order mark.
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var signals = new StopSignals();
return CommandLine.Run(
    args, Console.Out, Console.Error, signals.Token, (variable, value) => ProcessRestart.With(args, variable, value),
    TerminalQuestions.OfConsole());
