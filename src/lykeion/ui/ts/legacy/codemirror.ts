// CodeMirror 5, whose ways older blocks know; the problem editor of our own is CodeMirror 6.
import CodeMirror from "codemirror";
import "codemirror/mode/css/css";
import "codemirror/mode/htmlmixed/htmlmixed";
import "codemirror/mode/javascript/javascript";
import "codemirror/mode/markdown/markdown";
import "codemirror/mode/python/python";
import "codemirror/mode/sql/sql";
import "codemirror/mode/xml/xml";
import "codemirror/addon/edit/closetag";
import "codemirror/lib/codemirror.css";

window.CodeMirror = CodeMirror;
