# Completions of portia for fish. Try it: portia completion fish | source; to keep it:
# portia completion fish > ~/.config/fish/completions/portia.fish
function __portia_words
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
        if string match -q ':files*' -- $line
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c portia -f -k -a '(__portia_words)'
