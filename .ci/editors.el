;;; What a person sees in Emacs that has read the recipe: marks that come, and go with what is typed; hover; references.
;;; `emacs --batch --load RECIPE --load editors.el FILE`.

(require 'flymake)

(defun await (what is-so)
  "Wait until IS-SO answers, or end without success, telling WHAT was expected."
  (let ((end (time-add nil 60)) done)
    (while (not (or (setq done (funcall is-so)) (time-less-p end nil)))
      (accept-process-output nil 0.05))
    (unless done
      (message "emacs: %s, but %S" what (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
      (kill-emacs 1))))

(find-file (pop command-line-args-left))
(unless (memq 'eglot-ensure yaml-mode-hook)
  (kill-emacs 1))
;; What is asked for after a command is done at once: in a batch there is none.
(apply #'eglot--connect (eglot--guess-contact))
(await "the server is there" #'eglot-current-server)

(defun marked ()
  "Whether exactly the shared data space is marked."
  (flymake-start)
  (let ((found (flymake-diagnostics)))
    (and (= 1 (length found)) (string-match-p "shared-data-space\\|data space" (flymake-diagnostic-text (car found))))))

(await "the fault is marked" #'marked)
(let ((mark (car (flymake-diagnostics))))
  (unless (and (= 48 (flymake-diagnostic-beg mark)) (= 84 (flymake-diagnostic-end mark)))
    (message "emacs: it is marked from %d to %d" (flymake-diagnostic-beg mark) (flymake-diagnostic-end mark))
    (kill-emacs 1)))
(goto-char 60)
(let* ((hover (jsonrpc-request (eglot-current-server) :textDocument/hover (eglot--TextDocumentPositionParams)))
       (text (plist-get (plist-get hover :contents) :value)))
  (unless (string-match-p "staging" text)
    (message "emacs: hover says %s" text)
    (kill-emacs 1)))
;; What is typed counts, before it is saved.
(goto-char (1- (line-end-position)))
(delete-char 1)
(insert "2")
(eglot--signal-textDocument/didChange)
(await "the fault is gone" (lambda () (flymake-start) (null (flymake-diagnostics))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server))
(message "emacs %s: marked, explained and mended" emacs-version)
