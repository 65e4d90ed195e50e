# Homebrew formula, for a tap: brew install portiawatch/tap/portia. The digests are those of a release's .sha256 files;
# zeros install nothing.
class Portia < Formula
  desc "Sees \"address already in use\" as it happens, names both sides, frees the port"
  homepage "https://github.com/portiawatch/portia"
  version "0.1.0"
  license "MIT"

  on_macos do
    on_arm do
      url "https://github.com/portiawatch/portia/releases/download/v0.1.0/portia-0.1.0-osx-arm64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000000"
    end
    on_intel do
      url "https://github.com/portiawatch/portia/releases/download/v0.1.0/portia-0.1.0-osx-x64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000000"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/portiawatch/portia/releases/download/v0.1.0/portia-0.1.0-linux-arm64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000000"
    end
    on_intel do
      url "https://github.com/portiawatch/portia/releases/download/v0.1.0/portia-0.1.0-linux-x64.tar.gz"
      sha256 "0000000000000000000000000000000000000000000000000000000000000000"
    end
  end

  def install
    # The program looks for its database library beside itself.
    libexec.install Dir["portia", "libe_sqlite3.*"]
    bin.install_symlink libexec/"portia"
    (buildpath/"portia.1").write Utils.safe_popen_read(bin/"portia", "completion", "man")
    man1.install "portia.1"
    generate_completions_from_executable(bin/"portia", "completion", shells: [:bash, :zsh, :fish])
  end

  def caveats
    <<~EOS
      To run the watcher with your session:
        portia install
    EOS
  end

  test do
    assert_match "portia.overview/1", shell_output("#{bin}/portia --json")
  end
end
