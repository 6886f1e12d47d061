using SparseSharp.Fuzz;
using SparseSharp.Fuzz.Kills;
using SparseSharp.Fuzz.Soak;

var options = FuzzOptions.Parse(args, out var error);
if (options is null)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine(FuzzOptions.Usage);
    return 2;
}
return options.Command switch
{
    "help" => FuzzOptions.Print(),
    "worker" => Worker.Run(options),
    "predict" => PredictSoak.Run(options),
    "kill" => KillCampaign.Run(options),
    "killed" => KilledProcess.Run(options),
    "full-disk" => FullDisk.Run(options),
    _ => Campaign.Run(options),
};
