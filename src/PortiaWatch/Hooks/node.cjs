// PortiaWatch's hook for Node, installed by "portia hook node". When this program is refused a port, it tells the user's watcher which one;
// who the program is, the watcher learns from the kernel. It does nothing else: nothing is printed, changed or kept open, and where no
// watcher runs it costs one look for a file, and only after a refusal. Plain ES5, so that the oldest Node starts with it.
'use strict';
(function () {
  var CHANNEL = 'tracing:net.server.listen:';
  var MOST_MILLISECONDS = 150;
  var MOST_SECONDS_TO_MOVE_ON = 2;
  var refused = [];
  var watchesSuccess = false;

  function socketPath(fs) {
    var home = process.env.HOME || require('os').homedir();
    if (process.platform === 'darwin') return home + '/Library/Application Support/PortiaWatch/run/control.sock';
    var session = process.env.XDG_RUNTIME_DIR;
    if (session && session[0] === '/') return session + '/portia/control.sock';
    var usual = '/run/user/' + process.geteuid();
    if (fs.existsSync(usual)) return usual + '/portia/control.sock';
    var state = process.env.XDG_STATE_HOME;
    return (state && state[0] === '/' ? state : home + '/.local/state') + '/portia/run/control.sock';
  }

  // The program may end in this very tick, so nothing may wait for the event loop: connect(2) on a unix socket is done when connect()
  // returns, and the line goes straight to its descriptor. The watcher answers as soon as it has seen who we are; it is not waited for long.
  function tell(endpoint, movedOn) {
    var fs = require('fs');
    var path = socketPath(fs);
    if (!fs.existsSync(path)) return;
    var socket = new (require('net').Socket)();
    socket.on('error', function () {});
    try {
      socket.connect(path);
      var fd = socket._handle ? socket._handle.fd : -1;
      if (!(fd >= 0)) return;
      fs.writeSync(fd, '{"schema":"portia.request/1","do":"hook","hook":{' + endpoint + ',"movedOn":' + movedOn + '}}\n');
      var answer = Buffer.alloc(64);
      var pause = new Int32Array(new SharedArrayBuffer(4));
      for (var tries = 0; tries < MOST_MILLISECONDS; tries++) {
        try {
          fs.readSync(fd, answer, 0, answer.length, null);
          return;
        } catch (error) {
          if (error.code !== 'EAGAIN') return;
        }
        Atomics.wait(pause, 0, 0, 1);
      }
    } finally {
      socket.destroy();
    }
  }

  function quietly(work) {
    return function (message) {
      try {
        work(message);
      } catch (error) {
        // Whatever it is, it is none of the program's business.
      }
    };
  }

  function onRefusal(error) {
    if (!error || error.code !== 'EADDRINUSE' || typeof error.address !== 'string') return;
    var endpoint = error.port > 0
      ? '"transport":"tcp","address":' + JSON.stringify(error.address) + ',"port":' + error.port
      : '"transport":"unix","path":' + JSON.stringify(error.address.replace(/^\0/, '@'));
    refused.push({ endpoint: endpoint, port: error.port, at: process.uptime() });
    if (refused.length > 16) refused.shift();
    tell(endpoint, false);
  }

  // A program that serves on another port by now is not stuck, and nobody need be asked.
  function onSuccess(server) {
    var address = server.address();
    var tried = refused;
    refused = [];
    tried.forEach(function (one) {
      var isElsewhere = address && typeof address === 'object' && address.port !== one.port;
      if (isElsewhere && process.uptime() - one.at <= MOST_SECONDS_TO_MOVE_ON) tell(one.endpoint, true);
    });
  }

  function subscribe(channels) {
    var on = channels.subscribe || function (name, listener) { channels.channel(name).subscribe(listener); };
    on(CHANNEL + 'error', quietly(function (message) {
      onRefusal(message.error);
      if (watchesSuccess) return;
      watchesSuccess = true;
      on(CHANNEL + 'asyncEnd', quietly(function (end) { onSuccess(end.server); }));
    }));
  }

  // Before there were channels: hear of errors without becoming somebody who handles them, and leave no trace of us in their stacks.
  function listenForErrors() {
    var monitor = require('events').errorMonitor;
    if (!monitor) return;
    var prototype = require('net').Server.prototype;
    var original = prototype.listen;
    var known = new WeakSet();
    prototype.listen = function () {
      var server = this;
      if (!known.has(server)) {
        known.add(server);
        server.on(monitor, quietly(function (error) {
          error.stack = error.stack.split('\n').filter(function (line) { return line.indexOf(__filename) < 0; }).join('\n');
          onRefusal(error);
        }));
      }
      if (refused.length > 0) server.once('listening', quietly(function () { onSuccess(server); }));
      return original.apply(server, arguments);
    };
  }

  // The channel came in the course of Node 20 and 22. Later ones are not asked, so that net need not be loaded.
  function hasChannel() {
    var version = process.versions.node.split('.').map(Number);
    return version[0] > 22 || (version[0] === 22 && version[1] >= 6) || (version[0] === 20 && version[1] >= 16)
      || (version[0] >= 20 && String(require('net').Server.prototype._listen2).indexOf('netServerListen') >= 0);
  }

  quietly(function () {
    if (hasChannel()) subscribe(require('diagnostics_channel'));
    else listenForErrors();
  })();
})();
